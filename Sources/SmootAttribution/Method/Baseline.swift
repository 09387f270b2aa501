import SmootTensor

/// The image without information that a method compares with.
public enum Baseline: Sendable, Equatable {
  /// The same normalized value everywhere; 0 is the mean of the data set.
  case constant(Float)
  /// One image [1, channels, height, width] for all, or one for each image of the batch.
  case images(FrozenTensor)

  /// The baselines of a batch.
  ///
  /// - Parameter images: [batch, channels, height, width].
  /// - Returns: [1 or batch, channels, height, width].
  /// - Throws: ``AttributionError`` when the baselines are of another size.
  func tensor(for images: Tensor) throws(AttributionError) -> Tensor {
    var single = images.shape.dimensions
    single[0] = 1
    switch self {
    case .constant(let value): return Tensor(repeating: value, shape: Shape(single))
    case .images(let frozen):
      guard frozen.shape == Shape(single) || frozen.shape == images.shape else {
        throw .badData(
          "baselines have shape \(frozen.shape), expected \(Shape(single)) or \(images.shape)")
      }
      return frozen.tensor
    }
  }
}
