/// A file that was written for other tools.
public struct ExportedFile: Sendable, Equatable {
  /// Where it is.
  public let path: String
  /// How long it is.
  public let bytes: Int
  /// The SHA-256 of its bytes, in hexadecimal digits.
  public let sha256: String
  /// How many tensors it holds.
  public let tensors: Int
}
