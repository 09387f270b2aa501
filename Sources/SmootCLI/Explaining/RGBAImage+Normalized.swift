import Smoot

extension RGBAImage {
  /// An image as it was before normalization.
  ///
  /// - Parameters:
  ///   - index: its place in the batch.
  ///   - images: [batch, channels, height, width], normalized.
  ///   - normalization: how.
  init(_ index: Int, of images: Tensor, _ normalization: Normalization) {
    let (channels, height, width) = (images.shape[1], images.shape[2], images.shape[3])
    let count = channels * height * width
    let planes = images.withUnsafeElements { values in
      (0..<count).map {
        normalization.pixel(values[index * count + $0], channel: $0 / (height * width))
      }
    }
    self.init(planes: planes, channels: channels, height: height, width: width)
  }
}
