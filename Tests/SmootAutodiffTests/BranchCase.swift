import SmootAutodiff
import SmootTensor
import SmootTestSupport

/// Branches of transformer blocks as the tests compute them.
enum BranchCase {
  /// What a branch learns: scale, shift, inner weight and bias, outer weight and bias.
  static func parameters(width: Int, inner: Int, depth: Int) -> [Tensor] {
    [
      scrambled([width], 0.2, 0.3) + Tensor(1), scrambled([width], 0.3),
      scrambled([inner, width], 0.4, 0.5), scrambled([inner], 0.5),
      scrambled([width, depth], 0.6, 0.5), scrambled([width], 0.7),
    ]
  }

  /// The same for an operation, given its input and them.
  static func parameters(_ inputs: [Variable]) -> BranchParameters {
    BranchParameters(
      scale: inputs[1], shift: inputs[2], epsilon: 1e-6, inner: inputs[3], innerBias: inputs[4],
      outer: inputs[5], outerBias: inputs[6])
  }

  /// The operations that an attention branch stands for.
  static func attentionParts(
    _ inputs: [Variable], tokens: Int, heads: Int, _ precision: Precision
  ) -> Variable {
    let normalized = inputs[0].layerNorm(scale: inputs[1], shift: inputs[2], epsilon: 1e-6)
    let numbers = normalized.linear(inputs[3], bias: inputs[4], precision)
    let attended = numbers.attention(tokens: tokens, heads: heads, precision)
    return inputs[0] + attended.linear(inputs[5], bias: inputs[6], precision)
  }

  /// The operations that a perceptron branch stands for.
  static func perceptronParts(_ inputs: [Variable], _ precision: Precision) -> Variable {
    let normalized = inputs[0].layerNorm(scale: inputs[1], shift: inputs[2], epsilon: 1e-6)
    let hidden = normalized.linear(inputs[3], bias: inputs[4], precision).gelu()
    return inputs[0] + hidden.linear(inputs[5], bias: inputs[6], precision)
  }
}
