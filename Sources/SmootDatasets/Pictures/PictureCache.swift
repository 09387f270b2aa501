/// Where decoded pictures are kept.
public enum PictureCache: String, Sendable, Codable, CaseIterable {
  /// In memory if they need at most 2 GiB there, else in a file.
  case auto
  /// In memory.
  case memory
  /// In a file in the user's cache folder, which the next run finds.
  case disk
  /// Nowhere: they are decoded whenever they are needed.
  case none

  /// The most bytes that ``auto`` puts into memory.
  public static let memoryLimit = 2 << 30

  /// What is done for pictures of so many bytes in all.
  public func resolved(bytes: Int) -> PictureCache {
    self == .auto ? (bytes <= Self.memoryLimit ? .memory : .disk) : self
  }
}
