public import Smoot

/// Where the time of a training step goes.
public struct StepProfile: Codable, Sendable {
  /// One kind of work, over one step.
  public struct Row: Codable, Sendable {
    /// The operation, or the work beside the tape.
    public let operation: String
    /// The way through it.
    public let pass: OperationProfile.Pass
    /// The extents of its output.
    public let shape: [Int]
    /// Calls in a step.
    public let calls: Double
    /// Floating-point operations of a step, counted as the direct, dense sum.
    public let operations: Double
    /// Bytes that a step reads and writes there at least: inputs and results once.
    public let bytes: Double
    /// Milliseconds of a step.
    public let milliseconds: Double
    /// The part of the step's time.
    public let percentOfStep: Double
    /// Operations a second, where anything is multiplied.
    ///
    /// A direct, dense sum is counted, also where zeros are skipped.
    public let gigaflops: Double?
    /// Their share of what a loop on registers alone reaches on as many threads.
    public let percentOfPeak: Double?
    /// Inputs and results over the time: the least that was moved.
    public let gigabytesPerSecond: Double

    enum CodingKeys: String, CodingKey {
      case operation, pass, shape, calls, operations, bytes, milliseconds, gigaflops
      case percentOfStep = "percent_of_step"
      case percentOfPeak = "percent_of_peak"
      case gigabytesPerSecond = "gigabytes_per_second"
    }
  }

  /// The work with the most time first; together, the whole of the step.
  public let rows: [Row]
  /// Operations a second of a loop on registers alone, on all threads, in billions.
  public let peakGigaflops: Double
  /// What all threads together read and write in memory beyond the caches, in billions of bytes a second.
  public let memoryGigabytesPerSecond: Double
  /// Operations of the whole step over its time.
  public let gigaflops: Double

  enum CodingKeys: String, CodingKey {
    case rows, gigaflops
    case peakGigaflops = "peak_gigaflops"
    case memoryGigabytesPerSecond = "memory_gigabytes_per_second"
  }

  init(_ profile: OperationProfile, steps: Int, precision: Precision) {
    let peak = MachinePeak.ofAllThreads(precision)
    let rows = profile.rows
    let seconds = rows.reduce(0) { $0 + $1.seconds }
    peakGigaflops = peak * 1e-9
    memoryGigabytesPerSecond = MachinePeak.memoryBandwidth() * 1e-9
    gigaflops = rows.reduce(0) { $0 + $1.operations } / seconds * 1e-9
    self.rows = rows.map { row in
      let rate = row.operations > 0 ? row.operations / row.seconds : nil
      return Row(
        operation: row.operation, pass: row.pass, shape: row.shape,
        calls: Double(row.calls) / Double(steps),
        operations: row.operations / Double(steps), bytes: row.bytes / Double(steps),
        milliseconds: row.seconds * 1000 / Double(steps),
        percentOfStep: 100 * row.seconds / seconds, gigaflops: rate.map { $0 * 1e-9 },
        percentOfPeak: rate.map { 100 * $0 / peak },
        gigabytesPerSecond: row.bytes / row.seconds * 1e-9)
    }
  }
}
