/// In which order the accuracy-drop curve removes pixels.
public enum RemovalOrder: String, Sendable, Codable, CaseIterable {
  /// The greatest magnitude of the gradient first.
  case abs
  /// The greatest signed gradient first.
  case signed
  /// At random: what every saliency must beat.
  case random
}
