/// The least, median and greatest mask size of a run, in mask elements.
public struct BudgetSummary: Codable, Sendable, Equatable {
  /// The least.
  public let min: Double
  /// The median; over several epochs the median of their medians.
  public let median: Double
  /// The greatest.
  public let max: Double

  /// Summarizes a run.
  ///
  /// - Parameters:
  ///   - records: the epochs, in order.
  ///   - report: which of them count.
  /// - Returns: nothing when the run has no mask sizes of its own.
  public init?(_ records: [EpochRecord], report: BudgetReport) {
    let counted = report == .final ? records.suffix(1) : records[...]
    let medians = counted.compactMap(\.kMedian).sorted()
    guard let least = counted.compactMap(\.kMin).min(), !medians.isEmpty,
      let greatest = counted.compactMap(\.kMax).max()
    else { return nil }
    min = least
    median = medians[medians.count / 2]
    max = greatest
  }
}
