import SmootDatasets
import SmootTensor

/// Turns normalized images back into the bytes that they were made from.
enum PixelBytes {
  /// The nearest pixel value to a number from 0 to 1.
  static func byte(_ value: Float) -> UInt8 {
    UInt8(max(0, min(255, (value * 255).rounded())))
  }

  /// The pixel values of images [batch, channels, height, width] of a data set; exact.
  static func bytes(of images: Tensor, _ normalization: Normalization) -> [UInt8] {
    let channels = images.shape[1]
    let pixels = images.shape[2] * images.shape[3]
    return images.withUnsafeElements { values in
      [UInt8](unsafeUninitializedCapacity: values.count) { bytes, count in
        parallelFor(values.count / max(1, pixels)) { plane in
          for place in plane * pixels..<(plane + 1) * pixels {
            bytes[place] = byte(normalization.pixel(values[place], channel: plane % channels))
          }
        }
        count = values.count
      }
    }
  }
}
