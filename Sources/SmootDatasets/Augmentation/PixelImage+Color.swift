import SmootTensor

/// Changes of colour, byte for byte those of Pillow's `ImageEnhance` and `ImageOps`.
extension PixelImage {
  /// Moves towards black (0), or away from it (above 1).
  package mutating func setBrightness(_ factor: Float) {
    map((0..<256).map { Self.blend(0, Float($0), factor) })
  }

  /// Moves towards the mean grey (0), or away from it (above 1).
  package mutating func setContrast(_ factor: Float) {
    let sum = (0..<size.pixels).reduce(0) { $0 + Int(luma($1)) }
    let mean = Float((Double(sum) / Double(max(1, size.pixels)) + 0.5).rounded(.down))
    map((0..<256).map { Self.blend(mean, Float($0), factor) })
  }

  /// Moves towards grey (0), or away from it (above 1); nothing happens to an image that is grey.
  package mutating func setSaturation(_ factor: Float) {
    guard size.channels == 3 else { return }
    for pixel in 0..<size.pixels {
      let grey = Float(luma(pixel))
      for channel in 0..<3 {
        let index = channel * size.pixels + pixel
        pixels[index] = Self.blend(grey, Float(pixels[index]), factor)
      }
    }
  }

  /// Moves towards a smoothed image (0), or away from it (above 1).
  mutating func setSharpness(_ factor: Float) {
    let original = pixels
    let (height, width) = (size.height, size.width)
    guard height > 2, width > 2 else { return }
    for channel in 0..<size.channels {
      for row in 1..<height - 1 {
        for column in 1..<width - 1 {
          let index = (channel * height + row) * width + column
          var sum = 4 * Int(original[index])
          for line in [index - width, index, index + width] {
            sum += Int(original[line - 1]) + Int(original[line]) + Int(original[line + 1])
          }
          let smooth = (Float(sum) / 13 + 0.5).rounded(.down)
          pixels[index] = Self.blend(smooth, Float(original[index]), factor)
        }
      }
    }
  }

  /// Keeps the highest bits.
  mutating func posterize(bits: Int) {
    let mask = bits <= 0 ? 0 : ~((1 << max(0, 8 - bits)) - 1)
    map((0..<256).map { UInt8($0 & mask) })
  }

  /// Inverts values that are not below a threshold.
  mutating func solarize(threshold: Double) {
    map((0..<256).map { Double($0) < threshold ? UInt8($0) : UInt8(255 - $0) })
  }

  /// Stretches each channel to the whole range.
  mutating func autoContrast() {
    eachChannel { channel in
      guard let low = channel.min(), let high = channel.max(), low < high else { return nil }
      let scale = 255 / Double(high - low)
      return (0..<256).map {
        UInt8(max(0, min(255, (Double($0) * scale - Double(low) * scale).rounded(.towardZero))))
      }
    }
  }

  /// Makes all values of a channel about equally frequent.
  mutating func equalize() {
    eachChannel { channel in
      var histogram = [Int](repeating: 0, count: 256)
      for value in channel { histogram[Int(value)] += 1 }
      let present = histogram.filter { $0 > 0 }
      let step = (channel.count - (present.last ?? 0)) / 255
      guard present.count > 1, step > 0 else { return nil }
      var sum = step / 2
      return histogram.map { count in
        defer { sum += count }
        return UInt8(min(255, sum / step))
      }
    }
  }

  private mutating func eachChannel(_ table: (ArraySlice<UInt8>) -> [UInt8]?) {
    for channel in 0..<size.channels {
      let range = channel * size.pixels..<(channel + 1) * size.pixels
      guard let table = table(pixels[range]) else { continue }
      for index in range { pixels[index] = table[Int(pixels[index])] }
    }
  }

  /// The brightness of a pixel (ITU-R 601, in Pillow's fixed point).
  private func luma(_ pixel: Int) -> UInt8 {
    guard size.channels == 3 else { return pixels[pixel] }
    let red = Int(pixels[pixel])
    let green = Int(pixels[size.pixels + pixel])
    let blue = Int(pixels[2 * size.pixels + pixel])
    return UInt8((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16)
  }

  /// from + factor (to - from), cut to a byte.
  private static func blend(_ from: Float, _ to: Float, _ factor: Float) -> UInt8 {
    UInt8(max(0, min(255, from + factor * (to - from))))
  }
}
