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

  /// GELU of the map of each row of `input`.
  public func gelu(_ input: Variable, _ context: ForwardContext) -> Variable {
    guard context.isFused else { return self(input, context).gelu() }
    return input.linearGELU(
      context.variable(weight), bias: context.variable(bias), context.precision)
  }

  /// Another map of GELU of this map of each row of `input`: the perceptron of a transformer block.
  public func gelu(_ input: Variable, then next: Linear, _ context: ForwardContext) -> Variable {
    let extents = weight.value.shape.dimensions + next.weight.value.shape.dimensions
    guard context.isFused, context.precision == .bfloat16,
      extents.allSatisfy({ $0.isMultiple(of: 2) })
    else { return next(gelu(input, context), context) }
    return input.roundedPerceptron(
      context.variable(weight), bias: context.variable(bias), context.variable(next.weight),
      bias: context.variable(next.bias))
  }

  /// Attention among the queries, keys and values that this map makes of each row of `input`, where one operation computes both with products of 16 bits; else `nil`.
  func roundedAttention(
    _ input: Variable, tokens: Int, heads: Int, _ context: ForwardContext
  ) -> Variable? {
    let (row, inputs) = (weight.value.shape[0], weight.value.shape[1])
    guard context.isFused, context.precision == .bfloat16, inputs.isMultiple(of: 2),
      (row / (3 * heads)).isMultiple(of: 2)
    else { return nil }
    return input.roundedAttention(
      context.variable(weight), bias: context.variable(bias), tokens: tokens, heads: heads)
  }
}
