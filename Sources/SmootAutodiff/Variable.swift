public import SmootTensor

/// A tensor that takes part in a computation, with its place on the tape that can differentiate it.
///
/// A constant has no tape; a computation on constants records nothing and keeps nothing alive.
public struct Variable {
  /// The tensor.
  public let value: Tensor
  /// The tape that knows how this variable came about, unless it is a constant.
  public let tape: Tape?
  /// The place on the tape; -1 for a constant.
  package let index: Int

  /// Makes a constant: nothing is recorded for it and no gradient reaches it.
  public init(_ constant: Tensor) { self.init(value: constant, tape: nil, index: -1) }

  init(value: Tensor, tape: Tape?, index: Int) {
    self.value = value
    self.tape = tape
    self.index = index
  }

  /// The extents of the tensor.
  public var shape: Shape { value.shape }

  /// The same value as a constant: gradients stop here.
  public var detached: Variable { Variable(value) }

  /// Puts the result of an operation on the tape of its inputs, or makes it a constant when they all are.
  ///
  /// - Parameters:
  ///   - operation: what computes the gradient; not evaluated when nothing is recorded.
  ///   - inputs: the variables that the operation read, in the order of its gradients.
  ///   - output: what it computed.
  /// - Precondition: all inputs that are on a tape are on the same one.
  public static func record(
    _ operation: @autoclosure () -> any Operation, inputs: [Variable], output: Tensor
  ) -> Variable {
    var tape: Tape?
    for input in inputs {
      guard let its = input.tape else { continue }
      precondition(tape == nil || tape === its, "an operation has inputs from two tapes")
      tape = its
    }
    guard let tape else { return Variable(output) }
    return tape.append(operation(), inputs: inputs, output: output)
  }
}
