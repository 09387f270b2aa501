public import SmootDatasets
public import SmootMasking
public import SmootNN
public import SmootTensor

/// What one step of training computes for a batch, before the optimizer moves the weights.
public protocol TrainingStep {
  /// How much of each image to mask, when that differs from image to image.
  var adaptiveBudget: AdaptiveBudget? { get set }

  /// The gradients of the loss of a batch, and how the batch went.
  ///
  /// - Parameters:
  ///   - batch: images, labels and the images' indices.
  ///   - model: the network, whose parameters stay as they are.
  ///   - random: where the random numbers of this step come from.
  mutating func callAsFunction(
    _ batch: LabeledBatch, _ model: any Classifier, random: RandomKey
  ) -> StepResult
}
