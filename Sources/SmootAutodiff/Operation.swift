public import SmootTensor

/// One differentiable step of a computation, as the tape remembers it: what it needs for its gradient, and the rule.
///
/// An operation is a small struct in a file of its own. The function that computes the forward pass stands in the same file; it makes the struct with whatever
/// tensors the gradient will need and hands it to ``Variable/record(_:inputs:output:)``.
public protocol Operation {
  /// The operation's name in messages and in rules that replace its gradient, such as `relu`.
  var name: String { get }

  /// The gradients with respect to the inputs, given the gradient with respect to the output.
  ///
  /// - Parameters:
  ///   - gradient: a tensor of the output's shape.
  ///   - needs: for each input, whether its gradient is wanted; what is not wanted should not be computed.
  /// - Returns: for each input a tensor of its shape, or `nil` where none is wanted.
  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?]
}

/// An operation that can add the gradient of its first input, while it computes it, to what has come there from elsewhere.
protocol SummingOperation: Operation {
  /// The gradients as in ``Operation/backward(_:needs:)``.
  ///
  /// - Parameter sum: what the gradient with respect to the first input is added to.
  func backward(
    _ gradient: Tensor, needs: [Bool], addingTo sum: consuming Tensor?
  ) -> [Tensor?]
}

extension SummingOperation {
  package func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    backward(gradient, needs: needs, addingTo: nil)
  }
}
