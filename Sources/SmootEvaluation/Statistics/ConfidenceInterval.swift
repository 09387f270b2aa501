import Foundation
import SmootTensor

/// Where the mean over all images like these probably is.
public struct ConfidenceInterval: Sendable, Codable, Equatable {
  /// How an interval is found.
  public enum Method: Sendable, Codable, Hashable {
    /// Mean plus and minus a normal quantile times the standard error.
    case normal
    /// The means that a normal test does not reject, for shares: numbers that are 0 or `whole` each. Its ends never leave [0, `whole`].
    ///
    /// Wilson, Probable Inference, the Law of Succession, and Statistical Inference, 1927.
    case wilson(whole: Double)
    /// The quantiles of the means of samples drawn from the images with replacement (percentile bootstrap).
    case bootstrap(samples: Int, seed: UInt64)
  }

  /// The lower end.
  public let lower: Double
  /// The upper end.
  public let upper: Double
  /// How often such an interval holds the true mean, such as 0.95.
  public let level: Double
  /// How it was found.
  public let method: Method

  /// Finds the intervals of several numbers that are measured on the same images.
  ///
  /// - Parameters:
  ///   - rows: for each image the numbers; `nil` where one is not defined, and then it does not count.
  ///   - level: how often the intervals shall hold the true means; above 0 and below 1.
  ///   - method: how they are found. Bootstrap samples are the same for all numbers.
  /// - Returns: an interval for each number, or `nil` where fewer than two images have it.
  public static func intervals(
    _ rows: [[Double?]], level: Double = 0.95, method: Method
  ) -> [ConfidenceInterval?] {
    precondition(level > 0 && level < 1, "\(level) is no level between 0 and 1")
    let columns = (0..<(rows.first?.count ?? 0)).map { column in
      rows.compactMap { $0[column] }
    }
    switch method {
    case .normal:
      return columns.map { values in
        guard values.count > 1 else { return nil }
        let mean = values.reduce(0, +) / Double(values.count)
        let reach = normalQuantile((1 + level) / 2) * standardError(values, mean)
        return ConfidenceInterval(
          lower: mean - reach, upper: mean + reach, level: level, method: method)
      }
    case .wilson(let whole):
      let quantile = normalQuantile((1 + level) / 2)
      return columns.map { values in
        guard values.count > 1 else { return nil }
        let ends = wilsonEnds(values.reduce(0, +) / whole, Double(values.count), quantile)
        return ConfidenceInterval(
          lower: whole * ends.lower, upper: whole * ends.upper, level: level, method: method)
      }
    case .bootstrap(let samples, let seed):
      precondition(samples > 0, "a bootstrap needs samples")
      let means = bootstrapMeans(rows, samples: samples, key: RandomKey(seed: seed))
      return columns.indices.map { column in
        guard columns[column].count > 1 else { return nil }
        let sorted = means.compactMap { $0[column] }.sorted()
        guard !sorted.isEmpty else { return nil }
        return ConfidenceInterval(
          lower: quantile((1 - level) / 2, of: sorted),
          upper: quantile((1 + level) / 2, of: sorted), level: level, method: method)
      }
    }
  }

  /// The shares p whose distance from the one found is `z` standard errors sqrt(p (1 - p) / n).
  private static func wilsonEnds(
    _ hits: Double, _ n: Double, _ z: Double
  ) -> (lower: Double, upper: Double) {
    let share = hits / n
    let middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    let reach =
      z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    return (max(0, middle - reach), min(1, middle + reach))
  }

  /// The standard deviation of the mean, from the sample variance.
  static func standardError(_ values: [Double], _ mean: Double) -> Double {
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - 1) / Double(values.count)).squareRoot()
  }

  /// The means of each column over each bootstrap sample; [samples][columns].
  private static func bootstrapMeans(
    _ rows: [[Double?]], samples: Int, key: RandomKey
  ) -> [[Double?]] {
    var means = [[Double?]](repeating: [], count: samples)
    means.withUnsafeMutableBufferPointer { means in
      parallelFor(samples) { sample in
        let key = key.derived("bootstrap").derived(sample)
        let columns = rows[0].count
        var sums = [Double](repeating: 0, count: columns)
        var counts = [Int](repeating: 0, count: columns)
        for draw in rows.indices {
          let row = rows[key.integer(below: rows.count, at: UInt64(draw))]
          for (column, value) in row.enumerated() {
            guard let value else { continue }
            sums[column] += value
            counts[column] += 1
          }
        }
        means[sample] = zip(sums, counts).map { $1 > 0 ? $0 / Double($1) : nil }
      }
    }
    return means
  }

  /// A quantile of sorted values, interpolated as NumPy does.
  private static func quantile(_ share: Double, of sorted: [Double]) -> Double {
    let place = share * Double(sorted.count - 1)
    let first = Int(place)
    let second = min(sorted.count - 1, first + 1)
    return sorted[first] + (place - Double(first)) * (sorted[second] - sorted[first])
  }

  /// The number below which a standard normal number lies with a probability of at least 0.5, by bisection.
  static func normalQuantile(_ probability: Double) -> Double {
    var (low, high) = (0.0, 40.0)
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if 1 - 0.5 * erfc(middle / 2.0.squareRoot()) < probability {
        low = middle
      } else {
        high = middle
      }
    }
    return (low + high) / 2
  }
}
