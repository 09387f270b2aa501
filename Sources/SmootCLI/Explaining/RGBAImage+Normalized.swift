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

extension HeatmapRenderer {
  /// A map divided by the magnitude from which on it has the strongest colour.
  ///
  /// The gradient of a confident prediction is small everywhere; on a scale of its own each map still shows where it is largest.
  func inUnitsOfItsLimit(_ values: [Float]) -> [Float] {
    let limit = Float(scale(of: [values]).limit)
    return limit > 0 ? values.map { $0 / limit } : values
  }
}
