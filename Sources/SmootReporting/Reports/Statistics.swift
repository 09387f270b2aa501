/// Descriptions of a handful of numbers.
package enum Statistics {
  /// The arithmetic mean; NaN of no numbers.
  package static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(values.count)
  }

  /// The sample standard deviation (divided by n - 1); nil of fewer than two numbers.
  package static func standardDeviation(_ values: [Double]) -> Double? {
    guard values.count > 1 else { return nil }
    let mean = mean(values)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - 1)).squareRoot()
  }

  /// The percentile (0 to 100) of ascending numbers, interpolated between the two nearest ranks;
  /// nil of no numbers.
  package static func percentile(_ percentile: Double, ofSorted values: [Double]) -> Double? {
    guard let last = values.last else { return nil }
    let rank = percentile / 100 * Double(values.count - 1)
    let low = Int(rank.rounded(.down))
    guard low + 1 < values.count else { return last }
    return between(values[low], values[low + 1], rank: rank, isLast: false)
  }

  /// The number at a rank between two neighbours in ascending order; the lower one at the last rank.
  static func between(_ low: Double, _ high: Double, rank: Double, isLast: Bool) -> Double {
    isLast ? low : low + (high - low) * (rank - rank.rounded(.down))
  }
}
