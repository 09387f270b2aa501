import Foundation
import SmootTensor

/// What perturbed pixels become.
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
  /// The image blurred by an 11 x 11 kernel with a standard deviation of 5 pixels, beyond whose edges there is 0 in normalized units (the RISE code).
  case blur11 = "blur-11"
  /// The least value of the image in all channels (Quantus calls it black).
  case minimum
  /// The greatest value of the image in all channels (Quantus calls it white).
  case maximum

  /// The replacement for each pixel of images [batch, channels, height, width]; it does not depend on what is removed.
  ///
  /// - Parameters:
  ///   - images: [batch, channels, height, width].
  ///   - key: where the noise of ``uniform`` comes from; element i of the batch takes value i of the stream.
  func replacement(for images: Tensor, key: RandomKey) -> Tensor {
    let values = images.count / max(1, images.shape[0])
    return replacement(for: images) { image, value in
      key.uniform(at: UInt64(image * values + value))
    }
  }

  /// The replacement for each pixel of images [batch, channels, height, width], whatever the batch they are in.
  ///
  /// - Parameters:
  ///   - images: [batch, channels, height, width].
  ///   - keys: where the noise of ``uniform`` comes from, for each image.
  func replacement(for images: Tensor, keys: [RandomKey]) -> Tensor {
    replacement(for: images) { image, value in keys[image].uniform(at: UInt64(value)) }
  }

  /// The replacements, with a draw for each value of each image.
  private func replacement(for images: Tensor, draw: (Int, Int) -> Float) -> Tensor {
    let (batch, channels) = (images.shape[0], images.shape[1])
    let (height, width) = (images.shape[2], images.shape[3])
    let pixels = height * width
    if self == .blur11 { return GaussianKernel(size: 11, deviation: 5).blurred(images) }
    return Tensor(uninitialized: images.shape) { target in
      withPointers(images) { source in
        parallelFor(batch * channels) { plane in
          let from = UnsafeBufferPointer(start: source + plane * pixels, count: pixels)
          let to = target + plane * pixels
          let image = UnsafeBufferPointer(
            start: source + plane / channels * channels * pixels, count: channels * pixels)
          switch self {
          case .corner: to.update(repeating: from[0], count: pixels)
          case .zero: to.update(repeating: 0, count: pixels)
          case .mean:
            let sum = from.reduce(0.0) { $0 + Double($1) }
            to.update(repeating: Float(sum / Double(pixels)), count: pixels)
          case .uniform:
            let (least, greatest) = (from.min() ?? 0, from.max() ?? 0)
            for pixel in 0..<pixels {
              let share = draw(plane / channels, plane % channels * pixels + pixel)
              to[pixel] = least + (greatest - least) * share
            }
          case .blur, .blur11: Self.blur(from, to, height, width)
          case .minimum: to.update(repeating: image.min() ?? 0, count: pixels)
          case .maximum: to.update(repeating: image.max() ?? 0, count: pixels)
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
