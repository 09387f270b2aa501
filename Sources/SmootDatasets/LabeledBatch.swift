public import SmootTensor

/// Some images of a data set, ready for a network.
public struct LabeledBatch {
  /// What else is in images that were mixed.
  public struct Mixture: Sendable, Equatable {
    /// The class of the other image in each of them.
    public let labels: [Int32]
    /// The share of the image's own class, in [0.5, 1]; the other class has the rest.
    public let share: Float

    /// Makes a mixture.
    public init(labels: [Int32], share: Float) {
      self.labels = labels
      self.share = share
    }
  }

  /// [batch, channels, height, width], normalized.
  public let images: Tensor
  /// The class of each image; of mixed ones, the class with the larger share.
  public let labels: [Int32]
  /// The place of each image in the whole data set.
  public let indices: [Int]
  /// What else is in the images, if they are mixed.
  public let mixture: Mixture?

  /// Makes a batch.
  public init(images: Tensor, labels: [Int32], indices: [Int], mixture: Mixture? = nil) {
    self.images = images
    self.labels = labels
    self.indices = indices
    self.mixture = mixture
  }

  /// Some of the images.
  public subscript(range: Range<Int>) -> LabeledBatch {
    LabeledBatch(
      images: images.sliced(axis: 0, range), labels: Array(labels[range]),
      indices: Array(indices[range]),
      mixture: mixture.map { Mixture(labels: Array($0.labels[range]), share: $0.share) })
  }
}
