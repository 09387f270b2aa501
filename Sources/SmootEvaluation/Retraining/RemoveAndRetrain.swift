public import SmootAttribution
public import SmootDatasets
import SmootMasking
public import SmootTensor

/// The data for retraining without what a method finds important, or without all the rest: the pixels are replaced in every image of the training and the test set, and a network is
/// trained on what is left, as it was on the whole.
///
/// A faithful method makes the accuracy of the first fall fast, and that of the second slowly. Source: Hooker et al., A Benchmark for Interpretability Methods in Deep Neural
/// Networks, 2019 (remove and retrain, ROAR, and keep and retrain, KAR), at 10, 30, 50, 70 and 90 %; replaced pixels become the mean of their channel over the data set.
/// Give it maps of the predicted class: with maps of the label, the place of what is removed tells the label, also of test images, and the accuracy may rise.
public struct RemoveAndRetrain: Sendable, Equatable, Codable {
  /// Which pixels are replaced.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// The most important ones: remove and retrain.
    case remove = "roar"
    /// All but the most important ones: keep and retrain.
    case keep = "kar"
  }

  /// Which pixels are replaced.
  public var kind: Kind
  /// The share of the most important pixels, in percent: what is removed, or what is kept.
  public var percent: Int
  /// Which form of the map ranks the pixels.
  public var values = MapValues.signed
  /// How several channels of a map become one number.
  public var channels = ChannelReduction.absThenMean

  /// Chooses what is replaced.
  ///
  /// - Parameters:
  ///   - kind: which pixels are replaced.
  ///   - percent: the share of the most important pixels; floor(pixels x percent / 100) of them.
  public init(_ kind: Kind, percent: Int) {
    precondition((0...100).contains(percent), "\(percent) % of the pixels cannot be replaced")
    self.kind = kind
    self.percent = percent
  }

  /// Images with pixels replaced.
  ///
  /// - Parameters:
  ///   - images: [batch, channels, height, width], normalized.
  ///   - maps: [batch, height x width] or [batch, channels or 1, height, width].
  ///   - means: what replaced pixels become in each channel, in normalized units.
  public func callAsFunction(_ images: Tensor, maps: Tensor, means: [Float]) -> Tensor {
    let (batch, channels) = (images.shape[0], images.shape[1])
    let pixels = images.shape[2] * images.shape[3]
    let replaced = replaced(maps)
    precondition(
      replaced.count == batch * pixels && means.count == channels,
      "maps of shape \(maps.shape) and \(means.count) means do not fit images of shape \(images.shape)"
    )
    var result = images
    result.withMutablePointer { target in
      parallelFor(batch) { image in
        for pixel in 0..<pixels where replaced[image * pixels + pixel] {
          for channel in 0..<channels {
            target[(image * channels + channel) * pixels + pixel] = means[channel]
          }
        }
      }
    }
    return result
  }

  /// A data set with pixels replaced, in memory: what a training can start from.
  ///
  /// The means are rounded to pixel values, so replaced pixels are up to 1/510 of the range off the mean.
  ///
  /// - Parameters:
  ///   - dataset: the images; they keep their order, and their indices become 0, 1, 2, ...
  ///   - means: the mean of each channel on a scale from 0 to 1; that of the training set, also for the test set.
  ///   - batchSize: how many images are explained at a time.
  ///   - maps: explains some of the images.
  public func dataset(
    _ dataset: ImageDataset, means: [Float], batchSize: Int = 256,
    maps: (LabeledBatch) throws -> Tensor
  ) throws -> ImageDataset {
    let size = dataset.size
    precondition(means.count == size.channels, "\(means.count) means for images of \(size)")
    let fill = means.map { PixelBytes.byte($0) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(dataset.count * size.channels * size.pixels)
    for start in stride(from: 0, to: dataset.count, by: batchSize) {
      let places = Array(start..<min(dataset.count, start + batchSize))
      let batch = dataset.batch(places)
      let replaced = replaced(try maps(batch))
      guard replaced.count == places.count * size.pixels else {
        throw MeasureError.badMaps(
          expected: "maps of \(size.pixels) pixels for \(places.count) images",
          found: "\(replaced.count) pixels in all")
      }
      var piece = PixelBytes.bytes(of: batch.images, dataset.normalization)
      for image in places.indices {
        for pixel in 0..<size.pixels where replaced[image * size.pixels + pixel] {
          for channel in 0..<size.channels {
            piece[(image * size.channels + channel) * size.pixels + pixel] = fill[channel]
          }
        }
      }
      bytes += piece
    }
    try dataset.checkReadable()
    return ImageDataset(
      name: "\(dataset.name)-\(kind.rawValue)-\(percent)", split: dataset.split, size: size,
      classNames: dataset.classNames, normalization: dataset.normalization, pixels: bytes,
      labels: dataset.labels)
  }

  /// The mean of each channel of a data set, on a scale from 0 to 1.
  public static func channelMeans(of dataset: ImageDataset, batchSize: Int = 256) -> [Float] {
    let size = dataset.size
    var sums = [Double](repeating: 0, count: size.channels)
    for start in stride(from: 0, to: dataset.count, by: batchSize) {
      let images = dataset.batch(Array(start..<min(dataset.count, start + batchSize))).images
      images.withUnsafeElements { values in
        for (place, value) in values.enumerated() {
          let channel = place / size.pixels % size.channels
          sums[channel] += Double(dataset.normalization.pixel(value, channel: channel))
        }
      }
    }
    return sums.map { Float($0 / Double(max(1, dataset.count * size.pixels))) }
  }

  /// Whether each pixel of each image is replaced; [batch, pixels].
  private func replaced(_ maps: Tensor) -> [Bool] {
    let order = SaliencyOrder(descending: values.ofPixels(maps, channels))
    let count = order.elements * percent / 100
    var replaced = [Bool](repeating: kind == .keep, count: order.batch * order.elements)
    for image in 0..<order.batch {
      let first = image * order.elements
      for rank in 0..<count { replaced[first + Int(order.indices[first + rank])] = kind == .remove }
    }
    return replaced
  }
}
