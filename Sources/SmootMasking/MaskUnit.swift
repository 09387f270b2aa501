/// What one element of a mask covers.
public enum MaskUnit: String, Sendable, Codable, CaseIterable {
  /// A spatial position, in all channels at once: 1,024 of them in a 32x32 colour image.
  case pixel
  /// One channel of one position: 3,072 of them in a 32x32 colour image.
  case value
}
