public import SmootAutodiff
import SmootTensor

/// A linear map with a bias: output = input x weight^T + bias.
///
/// Input [rows, inputs], output [rows, outputs].
public struct Linear {
  /// The matrix [outputs, inputs].
  public let weight: Parameter
  /// What is added to each output, [outputs].
  public let bias: Parameter

  /// Makes a layer, unless told otherwise with PyTorch's initial values: uniform in ±1/sqrt(inputs).
  ///
  /// - Parameters:
  ///   - scope: where the names and the initial values of the parameters come from.
  ///   - inputs: columns of the input.
  ///   - outputs: columns of the output.
  ///   - layout: says that the weight's order differs in files.
  ///   - weight: how the matrix is drawn.
  ///   - bias: how the bias is drawn.
  public init(
    _ scope: ParameterScope, inputs: Int, outputs: Int, layout: ParameterLayout = .same,
    weight: Initializer? = nil, bias: Initializer? = nil
  ) {
    let usual = Initializer.uniformFanIn(inputs)
    self.weight = scope.parameter("weight", [outputs, inputs], weight ?? usual, layout: layout)
    self.bias = scope.parameter("bias", [outputs], bias ?? usual)
  }

  /// What training changes.
  public var parameters: [Parameter] { [weight, bias] }

  /// The map of each row of `input`.
  public func callAsFunction(_ input: Variable, _ context: ForwardContext) -> Variable {
    input.linear(context.variable(weight), bias: context.variable(bias), context.precision)
  }
}
