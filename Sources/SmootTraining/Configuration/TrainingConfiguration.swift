public import SmootAttribution
public import SmootAutodiff
public import SmootDatasets
public import SmootMasking
public import SmootTensor

/// Everything that determines a training run.
///
/// Each property is an option of the command line under the name in ``options``.
public struct TrainingConfiguration: Sendable, Equatable {
  // MARK: Data
  /// The name of the data set, or the path of a folder of pictures, which has a slash in it.
  public var dataset = "fashion-mnist"
  /// The folder of the data set, if given.
  public var data: String?
  /// How many training images are held out for validation.
  public var validation = 0
  /// How many training images are used at most.
  public var limitTrain: Int?
  /// How many test images are used at most.
  public var limitTest: Int?
  /// Whether the last, smaller batch of an epoch is left out.
  public var dropLast = false
  /// Black pixels around training images before a random crop, if given.
  public var cropPadding: Int?
  /// Whether half of the training images are mirrored, if given.
  public var flip: Bool?

  /// Rows and columns that pictures of a folder are brought to, if given.
  public var imageSize: Int?
  /// The share of each class that is held out as test images, for folders without a part of their own for it.
  public var valSplit = 0.2
  /// Where decoded pictures of a folder are kept.
  public var cache = PictureCache.auto
  /// What happens when pictures of a folder cannot be used.
  public var badImages = BadImagePolicy.stop

  // MARK: Model and method
  /// The name of the network.
  public var model = "cnn"
  /// How the model is trained.
  public var method = TrainingMethod.sgt
  /// How often the data are gone through.
  public var epochs = 10
  /// Images in a step.
  public var batchSize = 256
  /// Images that a step takes at a time, if given.
  public var microBatch: Int?
  /// Where all random numbers of the run come from.
  public var seed: UInt64 = 1

  // MARK: Optimization
  /// What moves the weights.
  public var optimizer = OptimizerKind.adadelta
  /// The learning rate after the warm-up, if given.
  public var learningRate: Double?
  /// The momentum of SGD.
  public var momentum: Float = 0.9
  /// Whether SGD takes Nesterov's form of momentum.
  public var nesterov = false
  /// The weight decay.
  public var weightDecay: Float = 0
  /// How the learning rate falls.
  public var schedule = ScheduleKind.constant
  /// The factor of the step schedule.
  public var gamma = 0.7
  /// Epochs between the steps of the step schedule.
  public var stepSize = 1
  /// Epochs over which the learning rate rises first.
  public var warmupEpochs = 0
  /// Where the cosine schedule ends.
  public var minimumLearningRate = 0.0
  /// The largest norm of the gradients, if it is limited.
  public var clipGrad: Float?
  /// The decay of the moving average of the weights, if there is one.
  public var averageDecay: Float?
  /// The share of each label that is spread over all classes.
  public var labelSmoothing: Float = 0

  // MARK: Masking
  /// The share of elements that SGT masks.
  public var maskFraction: Float = 0.5
  /// Elements are ordered by the signed gradient or by its magnitude.
  public var rank = Ranking.signed
  /// What is differentiated.
  public var score = ScoreKind.logprob
  /// The class that is explained.
  public var target = SaliencyTarget.label
  /// How the channels of the gradient are put together.
  public var reduce = ChannelReduction.meanThenAbs
  /// What one element of a mask covers.
  public var maskUnit = MaskUnit.pixel
  /// The mode of the network while saliency is computed.
  public var gradMode = PassMode.eval
  /// What masked elements become.
  public var fill = MaskFill.Kind.uniform
  /// Whose values the fill is drawn from.
  public var fillRange = MaskFill.Range.remaining
  /// The constant of a constant fill, in normalized units.
  public var fillConstant: Float = 0
  /// The weight of the divergence in the loss.
  public var divergenceWeight: Float = 1
  /// The divergence between clean and masked prediction.
  public var divergence = DivergenceKind.forward
  /// The branch of the divergence that gets no gradient.
  public var detached = SaliencyGuidedStep.DetachedBranch.none
  /// Whether clean and masked images go through the network as one batch.
  public var concatenates = false

  // MARK: Adaptive mask size
  /// The first class in the update of k.
  public var top1 = AdaptiveBudget.FirstClass.label
  /// Which classes follow it.
  public var topnOrder = AdaptiveBudget.OtherClasses.clean
  /// How many classes count.
  public var topn = 5
  /// The mode of the passes that k is updated from.
  public var deltaMode = PassMode.train
  /// The unit of the speed.
  public var kUnit = AdaptiveBudget.Unit.pixel
  /// How far k moves for a change of 1 in probability.
  public var speed: Float = 10
  /// The weight of the first class, if given.
  public var alpha: Float?
  /// The least share of masked elements.
  public var kMin: Float = 0.2
  /// The greatest share of masked elements.
  public var kMax: Float = 0.8
  /// The share of masked elements at first.
  public var kInitial: Float = 0.5
  /// What the mask size of an image belongs to.
  public var kKey = BudgetKey.index
  /// Which epochs the mask sizes in a run's summary are of.
  public var kReport = BudgetReport.final

  // MARK: Course of the run
  /// Which weights count as the best.
  public var select = Selection.last
  /// Epochs without a better accuracy after which the run ends, if given.
  public var patience: Int?
  /// The time after which the run stops, resumable, if given.
  public var maxTime: Duration?
  /// How often the run is saved.
  public var saveEvery = SaveInterval.epochs(1)
  /// How many checkpoints are kept.
  public var keep = 3
  /// What happens when a number is not finite.
  public var onNaN = NaNPolicy.stop

  /// The default configuration.
  public init() {}

  /// The same with what depends on other settings filled in.
  public var resolved: TrainingConfiguration {
    var resolved = self
    resolved.alpha = resolvedAlpha
    resolved.learningRate = resolvedLearningRate
    resolved.microBatch = resolvedMicroBatch
    resolved.cropPadding = augmentation.cropPadding
    resolved.flip = augmentation.flips
    if isImageFolder { resolved.imageSize = pictureSize.height }
    return resolved
  }

  /// Whether the data set is a folder of pictures.
  public var isImageFolder: Bool { dataset.contains("/") }

  /// The data set's name without the folders above it.
  public var datasetName: String { String(dataset.split(separator: "/").last ?? "pictures") }

  /// The extents of pictures of a folder: colour, and as many rows and columns as given, or 64.
  public var pictureSize: ImageSize {
    ImageSize(channels: 3, height: imageSize ?? 64, width: imageSize ?? 64)
  }

  /// How training images are changed: as given, or what is usual: crops and mirror images for CIFAR, nothing for the others.
  public var augmentation: Augmentation {
    let isCIFAR = dataset.hasPrefix("cifar")
    return Augmentation(cropPadding: cropPadding ?? (isCIFAR ? 4 : 0), flips: flip ?? isCIFAR)
  }

  /// Images that a step takes at a time: as given, or 16 for transformers and the whole batch for others.
  public var resolvedMicroBatch: Int {
    min(batchSize, microBatch ?? (model.hasPrefix("vit") && fillRange != .batch ? 16 : batchSize))
  }

  /// The learning rate after the warm-up: as given, or the optimizer's usual one.
  public var resolvedLearningRate: Double {
    learningRate ?? [.adadelta: 1, .sgd: 0.01, .adamw: 0.001][optimizer] ?? 1
  }

  /// The weight of the first class in the update of k: as given, or the paper's for the data set: 0.80 for CIFAR, 0.95 for the others.
  public var resolvedAlpha: Float { alpha ?? (dataset.hasPrefix("cifar") ? 0.8 : 0.95) }
}
