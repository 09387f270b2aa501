import SmootTensor
import Synchronization

/// How long each operation of a computation takes, and how much it computes and moves.
///
/// Time is handed out without gaps: whatever ends next gets all that has passed since the end of the one before, so the rows add up to the whole. What runs while
/// ``current`` is set is seen; otherwise nothing is measured.
public final class OperationProfile: Sendable {
  /// The profile that the computation of this task writes to.
  @TaskLocal public static var current: OperationProfile?

  /// The way through an operation.
  public enum Pass: String, Codable, Sendable {
    /// From the inputs to the output.
    case forward
    /// From the gradient of the output to those of the inputs.
    case backward
    /// Work beside the tape, such as the optimizer's.
    case other
  }

  /// All that was alike: one operation, one way through it, one size.
  public struct Row: Codable, Sendable {
    /// The operation's name.
    public let operation: String
    /// The way through it.
    public let pass: Pass
    /// The extents of its output.
    public let shape: [Int]
    /// How often it ran.
    public var calls = 0
    /// The time of all these calls together.
    public var seconds = 0.0
    /// Floating-point operations of all calls, two for each pair of numbers that is multiplied and added, counted as the direct, dense sum; 0 where hardly anything else than
    /// memory is touched.
    public var operations = 0.0
    /// The bytes that the calls read and write at least: inputs and results once.
    public var bytes = 0.0
  }

  private struct Key: Hashable {
    let operation: String
    let pass: Pass
    let shape: Shape
    let multiplyAdds: Int
  }

  private struct State {
    var last = ContinuousClock.now
    var rows: [Key: Row] = [:]
  }

  private let state = Mutex(State())

  /// Makes an empty profile; time runs from now on.
  public init() {}

  /// The rows, that with the most time first.
  public var rows: [Row] {
    state.withLock { $0.rows.values.sorted { $0.seconds > $1.seconds } }
  }

  /// Hands the time since the last end to work beside the tape; does nothing when nobody measures.
  public static func end(of work: String) {
    current?.end(of: work)
  }

  func end(of work: String) { end(work, .other, [], multiplyAdds: 0, bytes: 0) }

  func endForward(_ operation: any Operation, _ inputs: [Variable], _ output: Tensor) {
    end(
      operation.name, .forward, output.shape,
      multiplyAdds: (operation as? any CountedOperation)?.multiplyAdds ?? 0,
      bytes: inputs.reduce(output.byteCount) { $0 + $1.value.byteCount })
  }

  /// - Parameters:
  ///   - byteCount: the bytes of the output, which its gradient takes as well.
  ///   - inputs: those of the inputs, 0 for constants.
  func endBackward(
    _ operation: any Operation, _ output: Shape, byteCount: Int, inputs: [Int], needs: [Bool]
  ) {
    let results = zip(inputs, needs).reduce(0) { $0 + ($1.1 ? $1.0 : 0) }
    end(
      operation.name, .backward, output,
      multiplyAdds: (operation as? any CountedOperation)?.backwardMultiplyAdds(needs: needs) ?? 0,
      bytes: inputs.reduce(byteCount + results, +))
  }

  private func end(
    _ operation: String, _ pass: Pass, _ shape: Shape, multiplyAdds: Int, bytes: Int
  ) {
    let key = Key(operation: operation, pass: pass, shape: shape, multiplyAdds: multiplyAdds)
    let now = ContinuousClock.now
    state.withLock { state in
      var row =
        state.rows[key] ?? Row(operation: operation, pass: pass, shape: shape.dimensions)
      row.calls += 1
      row.seconds += (now - state.last) / .seconds(1)
      row.operations += 2 * Double(multiplyAdds)
      row.bytes += Double(bytes)
      state.rows[key] = row
      state.last = now
    }
  }
}
