/// A picture of 8-bit RGBA pixels, stored row by row from the top left.
public struct RGBAImage: Equatable, Sendable {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Red, green, blue, alpha of each pixel: `width * height * 4` bytes.
  public private(set) var bytes: [UInt8]

  /// Makes a picture of one colour.
  public init(width: Int, height: Int, fill color: RGBAColor = .white) {
    precondition(width > 0 && height > 0, "a picture of \(width) by \(height) pixels has no pixels")
    self.width = width
    self.height = height
    bytes = []
    bytes.reserveCapacity(width * height * 4)
    for _ in 0..<width * height {
      bytes.append(color.red)
      bytes.append(color.green)
      bytes.append(color.blue)
      bytes.append(color.alpha)
    }
  }

  /// Makes a picture from its bytes, `width * height * 4` of them.
  public init(width: Int, height: Int, bytes: [UInt8]) {
    precondition(width > 0 && height > 0, "a picture of \(width) by \(height) pixels has no pixels")
    precondition(
      bytes.count == width * height * 4,
      "\(bytes.count) bytes are not a picture of \(width) by \(height) by 4")
    self.width = width
    self.height = height
    self.bytes = bytes
  }

  /// Makes a picture from channel planes as image classifiers take them.
  ///
  /// - Parameters:
  ///   - planes: [channels, height, width], row-major; 1 channel is grey, 3 are red, green and
  ///     blue.
  ///   - channels: 1 or 3.
  ///   - height: rows.
  ///   - width: pixels in a row.
  ///   - range: the values shown as black and full brightness; values outside are cut off, NaN is
  ///     black.
  public init(
    planes: [Float], channels: Int, height: Int, width: Int, range: ClosedRange<Float> = 0...1
  ) {
    precondition(channels == 1 || channels == 3, "\(channels) channels are neither grey nor colour")
    precondition(
      planes.count == channels * height * width,
      "\(planes.count) values are not [\(channels), \(height), \(width)]")
    self.init(width: width, height: height, fill: .black)
    let scale =
      range.upperBound > range.lowerBound ? 255 / (range.upperBound - range.lowerBound) : 0
    let area = width * height
    for pixel in 0..<area {
      for channel in 0..<3 {
        let value = planes[(channels == 1 ? 0 : channel * area) + pixel]
        let level = (value - range.lowerBound) * scale
        bytes[pixel * 4 + channel] = level > 0 ? UInt8(min(level, 255).rounded()) : 0
      }
    }
  }

  /// The colour at column `x`, row `y`.
  public subscript(x: Int, y: Int) -> RGBAColor {
    get {
      let start = offset(x, y)
      return RGBAColor(
        red: bytes[start], green: bytes[start + 1], blue: bytes[start + 2], alpha: bytes[start + 3])
    }
    set {
      let start = offset(x, y)
      bytes[start] = newValue.red
      bytes[start + 1] = newValue.green
      bytes[start + 2] = newValue.blue
      bytes[start + 3] = newValue.alpha
    }
  }

  /// Lays a colour over the pixel at `x`, `y`; `coverage` in [0, 1] multiplies its opacity.
  mutating func blend(_ color: RGBAColor, x: Int, y: Int, coverage: Double) {
    if coverage >= 1 && color.alpha == 255 {
      self[x, y] = color
    } else if coverage > 0 {
      self[x, y] = color.over(self[x, y], coverage: min(coverage, 1))
    }
  }

  /// Whether no pixel lets anything through.
  public var isOpaque: Bool {
    stride(from: 3, to: bytes.count, by: 4).allSatisfy { bytes[$0] == 255 }
  }

  private func offset(_ x: Int, _ y: Int) -> Int {
    precondition(
      x >= 0 && x < width && y >= 0 && y < height,
      "pixel (\(x), \(y)) is outside of a picture of \(width) by \(height)")
    return (y * width + x) * 4
  }
}
