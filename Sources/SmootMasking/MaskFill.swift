import CSmootKernels
import Foundation
public import SmootTensor

/// What masked elements are replaced by.
public struct MaskFill: Sendable, Equatable {
  /// The kind of replacement.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// Uniform noise between the least and the greatest value of the range.
    case uniform
    /// The mean of the range.
    case mean
    /// One number, ``MaskFill/constant``.
    case constant
    /// Normal noise with the mean and the standard deviation of the range.
    case noise
  }

  /// Which values of the channel make the range that a replacement comes from.
  public enum Range: String, Sendable, Codable, CaseIterable {
    /// Those of the image that are not masked (the text of the SMOOT paper); all of them when everything is masked.
    case remaining
    /// All of the image (the code of the SGT paper).
    case image
    /// All of the batch.
    case batch
  }

  /// The kind of replacement.
  public var kind: Kind
  /// The range it comes from.
  public var range: Range
  /// The number of ``Kind/constant``, in normalized units.
  public var constant: Float

  /// Makes a fill.
  public init(kind: Kind = .uniform, range: Range = .remaining, constant: Float = 0) {
    self.kind = kind
    self.range = range
    self.constant = constant
  }

  /// Images with their masked elements replaced.
  ///
  /// - Parameters:
  ///   - images: [batch, channels, height, width].
  ///   - mask: for each image its pixels, or its pixels times its channels.
  ///   - key: where the noise comes from; element i of the batch takes value i of the stream.
  ///   - noise: replaces the stream: numbers in [0, 1) of the images' shape, to replay the draws of another implementation; for ``Kind/uniform`` only.
  /// - Returns: the images, changed where masked.
  public func callAsFunction(
    _ images: Tensor, _ mask: FeatureMask, key: RandomKey, noise: Tensor? = nil
  ) -> Tensor {
    let (batch, channels) = (images.shape[0], images.shape[1])
    let pixels = images.shape[2] * images.shape[3]
    precondition(
      mask.batch == batch && (mask.elements == pixels || mask.elements == channels * pixels),
      "a mask of \(mask.batch) x \(mask.elements) elements does not fit images of shape \(images.shape)"
    )
    precondition(
      noise == nil || noise?.shape == images.shape, "the noise does not have the images' shape")
    let perChannel = mask.elements == channels * pixels
    let shared = range == .batch ? batchStatistics(images) : []
    return Tensor(uninitialized: images.shape) { target in
      withPointers(images, noise ?? images) { source, noiseValues in
        mask.bytes.withUnsafeBufferPointer { bytes in
          guard let bytes = bytes.baseAddress else { return }
          parallelFor(batch) { image in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: pixels) { draws in
              guard let draws = draws.baseAddress else { return }
              for channel in 0..<channels {
                let start = (image * channels + channel) * pixels
                let mask = bytes + image * mask.elements + (perChannel ? channel * pixels : 0)
                let plane = Plane(count: pixels, values: source + start, mask: mask)
                let statistics = range == .batch ? shared[channel] : statistics(plane)
                if noise != nil {
                  draws.update(from: noiseValues + start, count: pixels)
                } else if kind == .uniform || kind == .noise {
                  draw(key, start, pixels, draws)
                }
                fill(plane, statistics, draws, target + start)
              }
            }
          }
        }
      }
    }
  }

  /// One channel of one image and its mask.
  private struct Plane {
    let count: Int
    let values: UnsafePointer<Float>
    let mask: UnsafePointer<UInt8>
  }

  /// What a replacement needs to know of its range.
  private struct Statistics {
    var least: Float = 0
    var greatest: Float = 0
    var mean: Float = 0
    var deviation: Float = 0
  }

  private func draw(
    _ key: RandomKey, _ first: Int, _ count: Int, _ draws: UnsafeMutablePointer<Float>
  ) {
    if kind == .uniform {
      smoot_uniform_f32(key.key, key.stream, UInt64(first), count, draws)
    } else {
      for index in 0..<count { draws[index] = key.normal(at: UInt64(first + index)) }
    }
  }

  private func fill(
    _ plane: Plane, _ statistics: Statistics, _ draws: UnsafePointer<Float>,
    _ target: UnsafeMutablePointer<Float>
  ) {
    switch kind {
    case .uniform:
      smoot_fill_uniform_f32(
        plane.count, plane.values, plane.mask, statistics.least, statistics.greatest, draws, target)
    case .mean, .constant:
      let value = kind == .mean ? statistics.mean : constant
      for index in 0..<plane.count {
        target[index] = plane.mask[index] != 0 ? value : plane.values[index]
      }
    case .noise:
      for index in 0..<plane.count {
        target[index] =
          plane.mask[index] != 0
          ? statistics.mean + statistics.deviation * draws[index] : plane.values[index]
      }
    }
  }

  private func statistics(_ plane: Plane) -> Statistics {
    var result = Statistics()
    if range == .remaining {
      let unmasked = smoot_unmasked_range_f32(
        plane.count, plane.values, plane.mask, &result.least, &result.greatest)
      guard kind == .mean || kind == .noise else { return result }
      addMoments(plane, to: &result) { unmasked == 0 || plane.mask[$0] == 0 }
    } else {
      result.least = plane.values[0]
      result.greatest = plane.values[0]
      for index in 0..<plane.count {
        result.least = min(result.least, plane.values[index])
        result.greatest = max(result.greatest, plane.values[index])
      }
      guard kind == .mean || kind == .noise else { return result }
      addMoments(plane, to: &result) { _ in true }
    }
    return result
  }

  private func addMoments(
    _ plane: Plane, to result: inout Statistics, counts: (Int) -> Bool
  ) {
    var (sum, squares, count) = (0.0, 0.0, 0.0)
    for index in 0..<plane.count where counts(index) {
      sum += Double(plane.values[index])
      squares += Double(plane.values[index]) * Double(plane.values[index])
      count += 1
    }
    result.mean = Float(sum / count)
    result.deviation = Float(max(0, squares / count - sum / count * sum / count).squareRoot())
  }

  /// The statistics of each channel over all images of a batch.
  private func batchStatistics(_ images: Tensor) -> [Statistics] {
    let (batch, channels) = (images.shape[0], images.shape[1])
    let byChannel = images.permuted([1, 0, 2, 3]).reshaped(
      to: [channels, batch * images.shape[2] * images.shape[3]])
    let none = [UInt8](repeating: 0, count: byChannel.shape[1])
    return withPointers(byChannel) { values in
      none.withUnsafeBufferPointer { none in
        guard let none = none.baseAddress else { return [] }
        var whole = self
        whole.range = .image
        return (0..<channels).map { channel in
          whole.statistics(
            Plane(
              count: byChannel.shape[1],
              values: values + channel * byChannel.shape[1], mask: none))
        }
      }
    }
  }
}
