import Foundation
import SmootTensor

/// What the accuracy-drop curve puts in the place of removed pixels.
public enum RemovalFill: String, Sendable, Codable, CaseIterable {
  /// The first pixel of the image, for each channel: the border of MNIST's digits (the SGT evaluation).
  case corner
  /// 0 in normalized units: the mean of the data set.
  case zero
  /// The mean of the image, for each channel.
  case mean
  /// Uniform noise between the least and the greatest value of the image, for each channel.
  case uniform
  /// The image blurred by a Gaussian with a standard deviation of an eighth of its width.
  case blur

  /// The replacement for each pixel of images [batch, channels, height, width]; it does not depend on what is removed.
  func replacement(for images: Tensor, key: RandomKey) -> Tensor {
    let (batch, channels) = (images.shape[0], images.shape[1])
    let (height, width) = (images.shape[2], images.shape[3])
    let pixels = height * width
    return Tensor(uninitialized: images.shape) { target in
      withPointers(images) { source in
        parallelFor(batch * channels) { plane in
          let from = UnsafeBufferPointer(start: source + plane * pixels, count: pixels)
          let to = target + plane * pixels
          switch self {
          case .corner: to.update(repeating: from[0], count: pixels)
          case .zero: to.update(repeating: 0, count: pixels)
          case .mean:
            let sum = from.reduce(0.0) { $0 + Double($1) }
            to.update(repeating: Float(sum / Double(pixels)), count: pixels)
          case .uniform:
            let (least, greatest) = (from.min() ?? 0, from.max() ?? 0)
            for pixel in 0..<pixels {
              let draw = key.uniform(at: UInt64(plane * pixels + pixel))
              to[pixel] = least + (greatest - least) * draw
            }
          case .blur: Self.blur(from, to, height, width)
          }
        }
      }
    }
  }

  /// A separable Gaussian; edges are continued by their last pixel.
  private static func blur(
    _ from: UnsafeBufferPointer<Float>, _ to: UnsafeMutablePointer<Float>, _ height: Int,
    _ width: Int
  ) {
    let deviation = Float(width) / 8
    let radius = Int((3 * deviation).rounded(.up))
    let weights = (-radius...radius).map { exp(-Float($0 * $0) / (2 * deviation * deviation)) }
    let sum = weights.reduce(0, +)
    var rows = [Float](repeating: 0, count: height * width)
    for y in 0..<height {
      for x in 0..<width {
        var value: Float = 0
        for offset in -radius...radius {
          let at = min(width - 1, max(0, x + offset))
          value += weights[offset + radius] * from[y * width + at]
        }
        rows[y * width + x] = value / sum
      }
    }
    for y in 0..<height {
      for x in 0..<width {
        var value: Float = 0
        for offset in -radius...radius {
          let at = min(height - 1, max(0, y + offset))
          value += weights[offset + radius] * rows[at * width + x]
        }
        to[y * width + x] = value / sum
      }
    }
  }
}
