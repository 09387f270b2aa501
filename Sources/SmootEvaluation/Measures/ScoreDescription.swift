/// What one number of a measure is.
public struct ScoreDescription: Sendable, Hashable, Codable {
  /// The name in commands and files, such as `insertion`; no two scores of all measures share one.
  public let name: String
  /// The name in tables and plots.
  public let title: String
  /// Which end is the good one.
  public let direction: ScoreDirection
  /// How the interval of its mean is found; Wilson's for a score that is one of two numbers.
  public let interval: ConfidenceInterval.Method

  /// Describes a score.
  public init(
    _ name: String, _ title: String, _ direction: ScoreDirection,
    interval: ConfidenceInterval.Method = .normal
  ) {
    self.interval = interval
    self.name = name
    self.title = title
    self.direction = direction
  }
}
