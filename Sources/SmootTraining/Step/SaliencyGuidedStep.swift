public import SmootAttribution
public import SmootAutodiff
public import SmootDatasets
public import SmootMasking
public import SmootNN
public import SmootTensor

/// A step of saliency-guided training, with a fixed share of masked pixels (SGT) or one that adapts to each image (SMOOT).
///
/// For each image the elements with the lowest saliency are replaced; the loss is the cross-entropy of the clean image plus the divergence between the clean and the masked
/// prediction, with gradients through both. Ismail et al., NeurIPS 2021, algorithm 1; Karkehabadi et al., 2023, algorithm 2. What the papers leave open is in ``Options``.
///
/// A mixed image (mixup, CutMix) is an image like any other: it is mixed before the saliency is computed, explained by both its classes, masked as a whole, and its k is that
/// of the image with the larger share, whose label is the first class in the update of k.
///
/// The clean pass up to the first dropout serves the saliency and the loss alike; the saliency needs no gradient of any weight, the loss none of any image.
public struct SaliencyGuidedStep: TrainingStep {
  /// The choices in a step.
  public struct Options: Sendable, Equatable {
    /// What is differentiated for the saliency, and for which class.
    public var saliency = InputGradient()
    /// Whether the saliency is computed in evaluation mode (the SGT code) or with dropout.
    public var saliencyMode = ForwardContext.Mode.evaluation
    /// How the channels of the gradient are put together.
    public var reduction = ChannelReduction.meanThenAbs
    /// Whether elements are ordered by the signed gradient or by its magnitude.
    public var ranking = Ranking.signed
    /// What one element of a mask covers.
    public var unit = MaskUnit.pixel
    /// What masked elements are replaced by.
    public var fill = MaskFill()
    /// The weight of the divergence in the loss.
    public var divergenceWeight: Float = 1
    /// The divergence between clean and masked prediction.
    public var divergence = DivergenceKind.forward
    /// Which branch of the divergence gets no gradient.
    public var detached = DetachedBranch.none
    /// From which passes k is updated: those of the loss, or two more in evaluation mode.
    public var budgetMode = ForwardContext.Mode.training
    /// Whether clean and masked images go through the network as one batch.
    public var concatenates = false
    /// The share of each label that is spread over all classes.
    public var labelSmoothing: Float = 0
    /// In which numbers products are computed, those for the saliency too.
    public var precision = Precision.float32
    /// How convolutions sum their products, those for the saliency too.
    public var convolution = ConvolutionAlgorithm.direct

    /// The default choices: those of the SGT code, and of the SMOOT paper where it says more.
    public init() {}
  }

  /// A branch of the divergence.
  public enum DetachedBranch: String, Sendable, Codable, CaseIterable {
    /// Both branches get a gradient.
    case none
    /// The clean prediction is a constant.
    case clean
    /// The masked prediction is a constant.
    case masked
  }

  /// The choices in a step.
  public let options: Options
  /// The share of elements that is masked when there is no adaptive budget.
  public let maskFraction: Float
  /// The mask sizes of the images, where they adapt.
  public var adaptiveBudget: AdaptiveBudget?
  /// Replaces the fill's random numbers, to replay those of another implementation.
  package var replayedNoise: Tensor?

  /// Makes a step of SGT, or of SMOOT when there is an adaptive budget.
  public init(options: Options, maskFraction: Float = 0.5, adaptiveBudget: AdaptiveBudget? = nil) {
    self.options = options
    self.maskFraction = maskFraction
    self.adaptiveBudget = adaptiveBudget
  }

  /// The gradients of a batch, and how it went.
  public mutating func callAsFunction(
    _ batch: LabeledBatch, _ model: any Classifier, random: RandomKey
  ) -> StepResult {
    let tape = Tape()
    let images = tape.variable(batch.images)
    let features = model.features(
      images,
      .evaluation(
        tape: tape, precision: options.precision, convolution: options.convolution))

    let gradient = inputGradient(of: features, images, batch, model, random)
    // The loss goes through other passes from the features on.
    tape.forgetOperations(after: features)
    let mask = FeatureMask(lowest: saliency(of: gradient), counts: counts(batch, gradient.shape))
    let masked = options.fill(
      batch.images, mask, key: random.derived("fill"), noise: replayedNoise)
    OperationProfile.end(of: "saliency, mask, fill")

    let (cleanLogits, maskedLogits) = logits(features, masked, model, tape, random)
    let crossEntropy = batch.crossEntropy(of: cleanLogits, smoothing: options.labelSmoothing)
    let divergence =
      (options.detached == .clean ? cleanLogits.detached : cleanLogits)
      .divergence(
        to: options.detached == .masked ? maskedLogits.detached : maskedLogits, options.divergence)
    let loss = crossEntropy + divergence * options.divergenceWeight

    updateBudget(batch, cleanLogits.value, maskedLogits.value, masked, model)
    OperationProfile.end(of: "mask sizes")
    let gradients = tape.lastGradients(
      of: loss, withRespectTo: model.parameters.map(tape.variable(for:)))
    return StepResult(
      gradients: gradients, loss: Double(loss.value.scalar),
      crossEntropy: Double(crossEntropy.value.scalar),
      divergence: Double(divergence.value.scalar),
      correct: cleanLogits.value.correctCount(batch.labels), count: batch.labels.count)
  }

  private func inputGradient(
    of features: Variable, _ images: Variable, _ batch: LabeledBatch, _ model: any Classifier,
    _ random: RandomKey
  ) -> Tensor {
    // Without a tape of its own: the weights behind the features are constants here, so that normalizations become part of their convolutions.
    let context = ForwardContext(
      mode: options.saliencyMode, random: random.derived("saliency"),
      precision: options.precision, convolution: options.convolution)
    let logits = model.logits(features: features, context)
    return options.saliency.gradients(
      of: logits, withRespectTo: images, labels: batch.labels,
      others: batch.mixture.map { ($0.labels, 1 - $0.share) })
  }

  /// [batch, elements].
  private func saliency(of gradient: Tensor) -> Tensor {
    switch options.unit {
    case .pixel:
      Saliency.ofPixels(gradient, options.reduction, isAbsolute: options.ranking == .abs)
    case .value: Saliency.ofValues(gradient, isAbsolute: options.ranking == .abs)
    }
  }

  private func counts(_ batch: LabeledBatch, _ shape: Shape) -> [Int] {
    if let adaptiveBudget { return adaptiveBudget.counts(of: batch.indices) }
    let elements = shape[2] * shape[3] * (options.unit == .value ? shape[1] : 1)
    return Array(repeating: Int(maskFraction * Float(elements)), count: batch.labels.count)
  }

  /// The training passes of the clean and of the masked images.
  private func logits(
    _ features: Variable, _ masked: Tensor, _ model: any Classifier, _ tape: Tape,
    _ random: RandomKey
  ) -> (clean: Variable, masked: Variable) {
    func context(_ pass: String) -> ForwardContext {
      ForwardContext(
        mode: .training, tape: tape, random: random.derived(pass), precision: options.precision,
        convolution: options.convolution)
    }
    if options.concatenates {
      let maskedFeatures = model.features(Variable(masked), context("both"))
      let both = model.logits(
        features: .concatenated([features, maskedFeatures], axis: 0), context("both"))
      let count = masked.shape[0]
      return (
        both.sliced(axis: 0, 0..<count), both.sliced(axis: 0, count..<2 * count)
      )
    }
    return (
      model.logits(features: features, context("clean")),
      model.logits(Variable(masked), context("masked"))
    )
  }

  private mutating func updateBudget(
    _ batch: LabeledBatch, _ clean: Tensor, _ masked: Tensor, _ maskedImages: Tensor,
    _ model: any Classifier
  ) {
    guard adaptiveBudget != nil else { return }
    var (clean, masked) = (clean, masked)
    if options.budgetMode == .evaluation {
      let context = ForwardContext.evaluation(
        precision: options.precision, convolution: options.convolution)
      clean = model.logits(Variable(batch.images), context).value
      masked = model.logits(Variable(maskedImages), context).value
    }
    adaptiveBudget?.update(
      indices: batch.indices, labels: batch.labels, clean: clean.softmaxOfRows,
      masked: masked.softmaxOfRows)
  }
}
