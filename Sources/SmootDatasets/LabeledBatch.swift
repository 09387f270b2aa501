public import SmootTensor

/// Some images of a data set, ready for a network.
public struct LabeledBatch {
  /// [batch, channels, height, width], normalized.
  public let images: Tensor
  /// The class of each image.
  public let labels: [Int32]
  /// The place of each image in the whole data set.
  public let indices: [Int]

  /// Makes a batch.
  public init(images: Tensor, labels: [Int32], indices: [Int]) {
    self.images = images
    self.labels = labels
    self.indices = indices
  }
}
