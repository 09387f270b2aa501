/// An operation whose output is an affine function of its inputs, so that differences go through it as gradients do.
package protocol AffineOperation: Operation {}

/// An operation each of whose outputs is one of its inputs, or zero: whatever arrives at an output belongs to that input.
package protocol Rearrangement: AffineOperation {}

/// A linear map by a weight, with a bias: inputs are what is mapped, the weight, and perhaps the bias.
///
/// It can be applied again to other inputs, with other weights and another bias, as the rules of layer-wise relevance propagation ask.
package protocol WeightedOperation: AffineOperation {
  /// The operation on another input.
  ///
  /// - Parameters:
  ///   - input: of the shape of the input.
  ///   - weight: of the shape of the weight.
  ///   - bias: of the shape of the bias, or `nil` for none.
  func applied(to input: Variable, weight: Variable, bias: Variable?) -> Variable
}
