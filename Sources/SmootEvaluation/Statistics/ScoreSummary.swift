/// A score over many images.
public struct ScoreSummary: Sendable, Codable, Equatable {
  /// The mean over the images that have the score; `nil` when none has.
  public let mean: Double?
  /// Where the true mean probably is; `nil` for fewer than two images.
  public let interval: ConfidenceInterval?
  /// The standard deviation over images, from the sample variance; `nil` for fewer than two.
  public let standardDeviation: Double?
  /// How many images have the score.
  public let count: Int
  /// How many images have none, because it is not defined for them.
  public let undefined: Int

  /// Summarizes the scores of images.
  ///
  /// - Parameters:
  ///   - scores: for each image the score, or `nil` where it is not defined.
  ///   - level: how often the interval shall hold the true mean.
  ///   - method: how the interval is found.
  public init(
    _ scores: [Double?], level: Double = 0.95, method: ConfidenceInterval.Method = .normal
  ) {
    let values = scores.compactMap(\.self)
    count = values.count
    undefined = scores.count - values.count
    let mean = values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    self.mean = mean
    standardDeviation = mean.flatMap { mean in
      values.count > 1
        ? ConfidenceInterval.standardError(values, mean) * Double(values.count).squareRoot() : nil
    }
    interval =
      ConfidenceInterval.intervals(scores.map { [$0] }, level: level, method: method).first
      .flatMap(\.self)
  }
}
