/// The extents of one image.
public struct ImageSize: Hashable, Sendable, Codable {
  /// How many numbers there are for each pixel: 1 for grey-scale, 3 for colour.
  public let channels: Int
  /// How many rows of pixels.
  public let height: Int
  /// How many columns of pixels.
  public let width: Int

  /// Makes a size.
  public init(channels: Int, height: Int, width: Int) {
    self.channels = channels
    self.height = height
    self.width = width
  }

  /// How many pixels there are: spatial positions, whatever the number of channels.
  public var pixels: Int { height * width }

  /// [channels, height, width].
  public var dimensions: [Int] { [channels, height, width] }
}

extension ImageSize: CustomStringConvertible {
  /// Channels, height and width, as in `3x32x32`.
  public var description: String { "\(channels)x\(height)x\(width)" }
}
