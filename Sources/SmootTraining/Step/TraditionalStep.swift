public import SmootAutodiff
public import SmootDatasets
public import SmootMasking
public import SmootNN
public import SmootTensor

/// A step of ordinary training: the cross-entropy of the images as they are.
public struct TraditionalStep: TrainingStep {
  /// The share of each label that is spread over all classes.
  public let labelSmoothing: Float
  /// In which numbers products are computed.
  public let precision: Precision
  /// How convolutions sum their products.
  public let convolution: ConvolutionAlgorithm
  /// The mask sizes of the images, where they adapt.
  public var adaptiveBudget: AdaptiveBudget?

  /// Makes a step.
  public init(
    labelSmoothing: Float = 0, precision: Precision = .float32,
    convolution: ConvolutionAlgorithm = .direct
  ) {
    self.labelSmoothing = labelSmoothing
    self.precision = precision
    self.convolution = convolution
  }

  /// The gradients of a batch, and how it went.
  public mutating func callAsFunction(
    _ batch: LabeledBatch, _ model: any Classifier, random: RandomKey
  ) -> StepResult {
    let tape = Tape()
    let context = ForwardContext(
      mode: .training, tape: tape, random: random.derived("clean"), precision: precision,
      convolution: convolution)
    let logits = model.logits(Variable(batch.images), context)
    let loss = batch.crossEntropy(of: logits, smoothing: labelSmoothing)
    let gradients = tape.lastGradients(
      of: loss, withRespectTo: model.parameters.map(tape.variable(for:)))
    return StepResult(
      gradients: gradients, loss: Double(loss.value.scalar),
      crossEntropy: Double(loss.value.scalar), divergence: 0,
      correct: logits.value.correctCount(batch.labels), count: batch.labels.count)
  }
}
