public import SmootAutodiff
public import SmootTensor

/// Everything that a forward pass depends on besides the model and its input.
public struct ForwardContext {
  /// What a forward pass is for.
  public enum Mode: Sendable {
    /// Dropout is on and batch normalization uses, and records, the statistics of the batch.
    case training
    /// The result for an image depends on that image alone.
    case evaluation
  }

  /// What the pass is for.
  public let mode: Mode
  /// Records the pass for gradients; without one, intermediate results are freed at once.
  public let tape: Tape?
  /// Where the pass's random numbers come from; each layer derives its own key from it.
  public let random: RandomKey

  /// Makes a context.
  ///
  /// - Parameters:
  ///   - mode: what the pass is for.
  ///   - tape: records the pass, when gradients are wanted.
  ///   - random: names the pass's random numbers; two passes with the same key drop the same elements.
  public init(mode: Mode, tape: Tape? = nil, random: RandomKey) {
    self.mode = mode
    self.tape = tape
    self.random = random
  }

  /// A context for evaluation, which needs no random numbers.
  public static func evaluation(tape: Tape? = nil) -> ForwardContext {
    ForwardContext(mode: .evaluation, tape: tape, random: RandomKey(seed: 0))
  }

  /// The context of a part of the model, whose layers get random numbers of their own.
  public func scoped(_ name: String) -> ForwardContext {
    ForwardContext(mode: mode, tape: tape, random: random.derived(name))
  }

  /// The parameter as a variable of this pass.
  public func variable(_ parameter: Parameter) -> Variable {
    tape?.variable(for: parameter) ?? Variable(parameter.value)
  }
}
