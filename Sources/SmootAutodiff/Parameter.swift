public import SmootTensor

/// A tensor that training changes, shared by reference between a model and its optimizer.
public final class Parameter {
  /// The name, which is also the key in checkpoints: PyTorch's, such as `conv1.weight`.
  public let name: String
  /// The numbers, in the order in which the kernels want them.
  public var value: Tensor
  /// How the numbers are ordered in files.
  public let layout: ParameterLayout

  /// Makes a parameter from numbers in the kernels' order.
  public init(name: String, value: Tensor, layout: ParameterLayout = .same) {
    self.name = name
    self.value = value
    self.layout = layout
  }
}
