import SmootAutodiff
public import SmootCheckpoints
public import SmootNN
import SmootTensor

/// What became of the tensors of a file that a model begins from.
public struct Initialization: Sendable, Equatable, Codable {
  /// How many of the model's tensors have the file's numbers as they are.
  public private(set) var taken = 0
  /// Tensors that were made to fit, such as positions of another grid: name, old shape, new shape.
  public private(set) var adapted: [String] = []
  /// Tensors of the model that keep their initial values, and why.
  public private(set) var fresh: [String] = []
  /// Tensors of the file that have no place in the model.
  public private(set) var unused: [String] = []

  /// Gives a model the weights of a file: smoot's own, or one with the names and shapes of timm or torchvision.
  ///
  /// A head for other classes is left with its initial values, and position embeddings of another grid are resampled. Whatever else does not fit is an error: nothing is left
  /// out in silence. Where the file has a moving average of the weights, the average is taken.
  ///
  /// - Throws: `CheckpointError`; the model is as it was then.
  public init(
    _ model: any Classifier, from file: TensorFile, path: String
  ) throws(CheckpointError) {
    let weights = file.entries.filter { !$0.key.hasPrefix("smoot.") }
    let names = Set(weights.keys)
    var values: [(Parameter, Tensor)] = []
    for parameter in model.parameters + model.buffers {
      let shape = parameter.layout.fileShape(of: parameter.value.shape)
      guard
        let entry = file.entries[CheckpointNames.average + parameter.name]
          ?? weights[parameter.name]
      else {
        throw .mismatch(
          path: path, tensor: parameter.name, expected: "shape \(shape)", found: "no such tensor")
      }
      if entry.shape == shape.dimensions, let value = entry.value(for: parameter) {
        values.append((parameter, parameter.layout.fromFile(value)))
        taken += 1
      } else if model.isInHead(parameter.name) {
        fresh.append("\(parameter.name): the file has shape \(entry.shape), the network \(shape)")
      } else if let value = entry.value(for: parameter),
        let fitted = model.adapted(value, to: parameter, of: names)
      {
        values.append((parameter, parameter.layout.fromFile(fitted)))
        adapted.append("\(parameter.name): \(entry.shape) -> \(shape)")
      } else {
        throw .mismatch(
          path: path, tensor: parameter.name, expected: "floats of shape \(shape)",
          found: "\(entry.type) of shape \(entry.shape)")
      }
    }
    for (parameter, value) in values { parameter.value = value }
    unused = names.subtracting((model.parameters + model.buffers).map(\.name)).sorted()
  }
}

extension TensorFile.Entry {
  /// The numbers for a parameter, in the order of files; `nil` when they are of another kind.
  fileprivate func value(for parameter: Parameter) -> Tensor? {
    parameter.layout == .count ? integers : floats
  }
}
