/// Which end of a score is the good one.
public enum ScoreDirection: String, Sendable, Codable, CaseIterable {
  /// The lower, the better.
  case lower
  /// The higher, the better.
  case higher
}
