public import SmootTensor

/// One operation on the way back through a tape, as a rule sees it that may replace its gradient.
public struct BackwardStep {
  /// What was computed.
  public let operation: any Operation
  /// The operation's place on the tape; what was computed later has a higher one.
  package let place: Int
  /// The places of the inputs; -1 for a constant.
  package let sources: [Int]
  /// What arrives at the output: its gradient, unless later rules have made something else of it.
  public let gradient: Tensor
  /// For each input, whether something is wanted for it.
  public let needs: [Bool]
  let values: (inputs: [Tensor], output: Tensor)?

  /// What went in.
  ///
  /// - Precondition: the tape keeps values.
  public var inputs: [Tensor] { kept.inputs }

  /// What came out.
  ///
  /// - Precondition: the tape keeps values.
  public var output: Tensor { kept.output }

  /// What the operation's own gradient sends to its inputs.
  public func gradients() -> [Tensor?] { operation.backward(gradient, needs: needs) }

  private var kept: (inputs: [Tensor], output: Tensor) {
    guard let values else {
      preconditionFailure(
        "a rule asks for the values of \(operation.name), which its tape does not keep")
    }
    return values
  }
}

/// A rule that may replace gradients, as guided backpropagation does for ReLU.
///
/// It returns, for each input, a tensor of its shape, or `nil` where nothing is wanted; and `nil` altogether to leave the operation to its own gradient.
public typealias BackwardRule<Failure: Error> = (BackwardStep) throws(Failure) -> [Tensor?]?
