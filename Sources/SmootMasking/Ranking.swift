/// By what the elements of a saliency map are ordered.
public enum Ranking: String, Sendable, Codable, CaseIterable {
  /// By the value with its sign: the most negative gradients are the lowest (the SGT code's default).
  case signed
  /// By the absolute value.
  case abs
}
