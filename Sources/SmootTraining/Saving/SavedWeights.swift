/// Which weights of a checkpoint to take, when it has their moving average beside them.
public enum SavedWeights: String, Sendable, CaseIterable {
  /// The moving average when there is one, as evaluation does.
  case auto
  /// The weights that training changes.
  case plain
  /// The moving average.
  case ema
}
