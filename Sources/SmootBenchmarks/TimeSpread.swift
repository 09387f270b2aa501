/// The spread of some measured times.
struct TimeSpread {
  let median: Double
  let minimum: Double
  let maximum: Double

  /// - Precondition: there is a time.
  init(_ times: [Double]) {
    let sorted = times.sorted()
    precondition(!sorted.isEmpty, "no times have no spread")
    median = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    (minimum, maximum) = (sorted[0], sorted[sorted.count - 1])
  }
}
