import SmootAutodiff
public import SmootCheckpoints
import SmootTensor

/// The names of what a checkpoint keeps besides the weights.
///
/// The weights have PyTorch's names; everything else begins with `smoot.`, so that a reader can leave it out:
/// `{k: v for k, v in safetensors.torch.load_file(path).items() if not k.startswith("smoot.")}`.
enum CheckpointNames {
  static let optimizer = "smoot.optimizer."
  static let average = "smoot.ema."
  static let maskSizes = "smoot.k"
  static let state = "smoot.state"
  static let configuration = "smoot.configuration"
}

extension TensorFile {
  /// Whether a checkpoint has the moving average of its weights.
  public var hasAverage: Bool {
    entries.keys.contains { $0.hasPrefix(CheckpointNames.average) }
  }

  /// The mask size of each training image, by its index in the data set, in mask elements; `nil` unless the checkpoint is of a run with adaptive mask sizes.
  public var maskSizes: [Float]? { entries[CheckpointNames.maskSizes]?.tensor?.scalars }

  /// Puts in parameters, in the order of files.
  mutating func add(_ parameters: [Parameter], values: [Tensor]? = nil, prefix: String = "") {
    for (index, parameter) in parameters.enumerated() {
      entries[prefix + parameter.name] = Entry(parameter, value: values?[index])
    }
  }

  /// The value of a parameter, in the order of memory.
  ///
  /// - Throws: `CheckpointError` when it is not there or has another shape.
  func value(
    of parameter: Parameter, prefix: String, path: String
  ) throws(CheckpointError) -> Tensor {
    let name = prefix + parameter.name
    let shape = parameter.layout.fileShape(of: parameter.value.shape)
    guard let entry = entries[name] else {
      throw .mismatch(path: path, tensor: name, expected: "shape \(shape)", found: "no such tensor")
    }
    let found = parameter.layout == .count ? entry.integers : entry.tensor
    guard entry.shape == shape.dimensions, let tensor = found else {
      throw .mismatch(
        path: path, tensor: name,
        expected: "\(parameter.layout == .count ? "I64" : "F32") of shape \(shape)",
        found: "\(entry.type) of shape \(entry.shape)")
    }
    return parameter.layout.fromFile(tensor)
  }

  /// Gives parameters the values in the file, all of them or none.
  func restore(
    _ parameters: [Parameter], prefix: String = "", path: String
  ) throws(CheckpointError) {
    var values: [Tensor] = []
    for parameter in parameters {
      values.append(try value(of: parameter, prefix: prefix, path: path))
    }
    for (parameter, value) in zip(parameters, values) { parameter.value = value }
  }
}
