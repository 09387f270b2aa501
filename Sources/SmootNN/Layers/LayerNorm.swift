public import SmootAutodiff
import SmootTensor

/// Layer normalization over the last axis, with a learned scale and shift.
public struct LayerNorm {
  /// The scale, [width]; 1 at first.
  public let weight: Parameter
  /// The shift, [width]; 0 at first.
  public let bias: Parameter
  /// What is added to the variance.
  public let epsilon: Float

  /// Makes a layer.
  ///
  /// - Parameters:
  ///   - scope: where the names of the parameters come from.
  ///   - width: the extent of the last axis.
  ///   - epsilon: what is added to the variance: 1e-5 in PyTorch, 1e-6 in vision transformers.
  public init(_ scope: ParameterScope, width: Int, epsilon: Float = 1e-5) {
    weight = scope.parameter("weight", [width], .constant(1))
    bias = scope.parameter("bias", [width], .constant(0))
    self.epsilon = epsilon
  }

  /// What training changes.
  public var parameters: [Parameter] { [weight, bias] }

  /// The normalized input.
  public func callAsFunction(_ input: Variable, _ context: ForwardContext) -> Variable {
    input.layerNorm(
      scale: context.variable(weight), shift: context.variable(bias), epsilon: epsilon)
  }
}
