/// Estimates how long the rest of a job takes from how long its parts took.
struct RemainingTime {
  private var sums: [String: (seconds: Double, count: Int)] = [:]

  /// Learns how long a part of a kind took.
  mutating func add(_ kind: String, _ seconds: Double) {
    let sum = sums[kind] ?? (0, 0)
    sums[kind] = (sum.seconds + seconds, sum.count + 1)
  }

  /// The seconds of parts that are still to do; parts of a kind that has not been seen yet are taken to last as long as the mean of the others.
  func seconds(_ rest: [String: Int]) -> Double {
    let all = sums.values.reduce((0.0, 0)) { ($0.0 + $1.seconds, $0.1 + $1.count) }
    guard all.1 > 0 else { return .infinity }
    return rest.reduce(0) { total, part in
      let mean = sums[part.key].map { $0.seconds / Double($0.count) } ?? all.0 / Double(all.1)
      return total + mean * Double(part.value)
    }
  }
}
