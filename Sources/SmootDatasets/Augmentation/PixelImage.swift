package import SmootTensor

/// One image as bytes [channels, height, width], to be changed.
package struct PixelImage: Equatable {
  package let size: ImageSize
  package var pixels: [UInt8]

  package init(_ source: UnsafePointer<UInt8>, _ size: ImageSize) {
    self.size = size
    pixels = Array(UnsafeBufferPointer(start: source, count: size.channels * size.pixels))
  }

  /// Every pixel value of every channel by a table.
  mutating func map(_ table: [UInt8]) {
    for index in pixels.indices { pixels[index] = table[Int(pixels[index])] }
  }

  // MARK: Geometry

  /// The image with each pixel taken from another place, black where that lies outside.
  ///
  /// - Parameter place: row and column of the source, for a row and a column of the result.
  func moved(_ place: (_ row: Int, _ column: Int) -> (row: Int, column: Int)) -> PixelImage {
    var result = self
    for row in 0..<size.height {
      for column in 0..<size.width {
        let from = place(row, column)
        let isInside =
          (0..<size.height).contains(from.row) && (0..<size.width).contains(from.column)
        for channel in 0..<size.channels {
          let plane = channel * size.pixels
          result.pixels[plane + row * size.width + column] =
            isInside ? pixels[plane + from.row * size.width + from.column] : 0
        }
      }
    }
    return result
  }

  /// The part of the image, padded with black, that begins some rows down and some columns to the right.
  func shifted(down: Int, right: Int) -> PixelImage {
    moved { ($0 + down, $1 + right) }
  }

  /// Left becomes right.
  mutating func mirror() {
    pixels.withUnsafeMutableBufferPointer { pixels in
      for row in 0..<size.channels * size.height {
        pixels[row * size.width..<(row + 1) * size.width].reverse()
      }
    }
  }

  /// The nearest pixels of an affine image of this one: the source of the point (x, y), measured from the upper left corner, is
  /// (a x + b y + c, d x + e y + f).
  func transformed(
    _ a: Double, _ b: Double, _ c: Double, _ d: Double, _ e: Double, _ f: Double
  ) -> PixelImage {
    moved { row, column in
      let (x, y) = (Double(column) + 0.5, Double(row) + 0.5)
      return (
        Int((d * x + e * y + f).rounded(.down)), Int((a * x + b * y + c).rounded(.down))
      )
    }
  }

  /// A part of the image, resized to the whole with antialiased bilinear interpolation.
  package func resizedCrop(_ box: CropBox) -> PixelImage {
    let rows = (0..<size.height).map {
      Interpolation.bilinear.antialiasedTaps(at: $0, from: box.height, to: size.height)
    }
    let columns = (0..<size.width).map {
      Interpolation.bilinear.antialiasedTaps(at: $0, from: box.width, to: size.width)
    }
    var result = self
    var wide = [Float](repeating: 0, count: box.height * size.width)
    for channel in 0..<size.channels {
      let plane = channel * size.pixels
      for row in 0..<box.height {
        let line = plane + (box.top + row) * size.width + box.left
        for (column, taps) in columns.enumerated() {
          var sum: Float = 0
          for (offset, weight) in taps.weights.enumerated() {
            sum += weight * Float(pixels[line + taps.first + offset])
          }
          wide[row * size.width + column] = sum
        }
      }
      for (row, taps) in rows.enumerated() {
        for column in 0..<size.width {
          var sum: Float = 0
          for (offset, weight) in taps.weights.enumerated() {
            sum += weight * wide[(taps.first + offset) * size.width + column]
          }
          result.pixels[plane + row * size.width + column] = UInt8(
            max(0, min(255, sum.rounded())))
        }
      }
    }
    return result
  }
}
