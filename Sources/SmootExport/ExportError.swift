public import SmootTensor

/// Why a model cannot be written for other tools.
public enum ExportError: SmootError {
  /// A network that cannot say what it computes as a graph.
  case withoutGraph(model: String, type: String)
  /// A network whose graph computes something else, for it does without some of the network's parameters.
  case incompleteGraph(model: String, missing: [String])
  /// A network whose file would be larger than its readers take.
  case tooLarge(model: String, bytes: Int, most: Int)

  /// The status with which a command that meets this error ends.
  public var exitCode: Int32 { 65 }

  /// One line for a person.
  public var description: String {
    switch self {
    case .withoutGraph(let model, let type):
      "\(model): smoot knows no ONNX graph of this network (\(type)); export its weights as safetensors or npz"
    case .incompleteGraph(let model, let missing):
      "\(model): smoot's ONNX graph of this network leaves out \(missing.joined(separator: ", ")); export its weights as safetensors or npz"
    case .tooLarge(let model, let bytes, let most):
      "\(model): \(bytes) bytes of weights do not fit into an ONNX file, which readers take up to \(most) bytes; export them as safetensors or npz"
    }
  }
}
