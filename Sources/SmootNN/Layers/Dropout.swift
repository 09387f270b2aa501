public import SmootAutodiff
import SmootTensor

/// Sets elements to zero at random in training, and scales the others up so that the expected value stays.
///
/// Srivastava et al., Dropout, JMLR 2014, in its inverted form: y = x / (1 - rate) where kept. In evaluation nothing happens.
public struct Dropout: Sendable {
  /// The probability with which an element is dropped, in [0, 1).
  public let rate: Float
  private let name: String

  /// Makes a layer.
  ///
  /// - Parameters:
  ///   - name: tells the random numbers of this layer from those of others.
  ///   - rate: the probability with which an element is dropped, in [0, 1).
  public init(_ name: String, rate: Float) {
    precondition((0..<1).contains(rate), "a dropout rate lies in [0, 1), unlike \(rate)")
    self.name = name
    self.rate = rate
  }

  /// The input with elements dropped, when the pass is for training.
  public func callAsFunction(_ input: Variable, _ context: ForwardContext) -> Variable {
    guard context.mode == .training, rate > 0 else { return input }
    return input.dropout(rate: rate, key: context.random.derived(name))
  }
}
