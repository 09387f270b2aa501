import CSmootKernels
public import SmootTensor

/// Keeps the gradients of a step together from growing too large.
///
/// Pascanu et al., On the Difficulty of Training Recurrent Neural Networks, 2013; PyTorch's `clip_grad_norm_`.
public struct GradientClipping: Sendable {
  /// The largest norm that is let through.
  public let maximumNorm: Float

  /// Makes a rule.
  public init(maximumNorm: Float) { self.maximumNorm = maximumNorm }

  /// The Euclidean norm of all gradients together.
  public static func norm(of gradients: [Tensor]) -> Double {
    gradients.reduce(0) { sum, gradient in
      sum + withPointers(gradient) { smoot_sum_of_squares_f32(gradient.count, $0) }
    }.squareRoot()
  }

  /// Multiplies all gradients by the same factor, if need be, so that their norm is at most the maximum.
  ///
  /// - Returns: the norm before.
  @discardableResult
  public func callAsFunction(_ gradients: inout [Tensor]) -> Double {
    let norm = Self.norm(of: gradients)
    // PyTorch adds 1e-6 to the norm.
    let factor = Float(Double(maximumNorm) / (norm + 1e-6))
    guard factor < 1 else { return norm }
    for index in gradients.indices { gradients[index].scale(by: factor) }
    return norm
  }
}
