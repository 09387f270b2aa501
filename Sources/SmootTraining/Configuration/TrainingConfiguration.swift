public import SmootAttribution
public import SmootAutodiff
public import SmootDatasets
public import SmootMasking
public import SmootNN
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
  /// Whether the training images have one another's labels, drawn at random by the seed; images held out for validation and test images keep theirs.
  ///
  /// Maps of a network trained so should not look like those of one trained on the labels (Adebayo et al., Sanity Checks for Saliency Maps, 2018, section 5).
  public var permuteLabels = false
  /// Whether the last, smaller batch of an epoch is left out.
  public var dropLast = false
  /// Rows and columns that pictures of a folder are brought to, if given.
  public var imageSize: Int?
  /// The share of each class that is held out as test images, for folders without a part of their own for it.
  public var valSplit = 0.2
  /// Where decoded pictures of a folder are kept.
  public var cache = PictureCache.auto
  /// What happens when pictures of a folder cannot be used.
  public var badImages = BadImagePolicy.stop

  // MARK: Augmentation
  /// Black pixels around training images before a random crop, if given.
  public var cropPadding: Int?
  /// Whether half of the training images are mirrored, if given.
  public var flip: Bool?
  /// The least share of an image that a random crop shows, if there are such crops.
  public var resizedCrop: Float?
  /// How far brightness, contrast and saturation may go.
  public var colorJitter: Float = 0
  /// Transforms of RandAugment for each image.
  public var randAugment = 0
  /// The strength of RandAugment's transforms, from 0 to 30.
  public var randAugmentMagnitude = 9
  /// The probability with which a rectangle of an image is erased.
  public var erasing: Float = 0
  /// The parameter of mixup's beta distribution; 0 for no mixup.
  public var mixup = 0.0
  /// The parameter of CutMix's beta distribution; 0 for no CutMix.
  public var cutmix = 0.0

  // MARK: Model
  /// The name of the network, if given.
  public var model: String?
  /// What the network is beyond its name.
  public var modelOptions = ModelOptions()
  /// A file of weights to begin from, if given.
  public var initial: String?
  /// Patterns of the names of parameters that stay as they are, separated by commas, if given.
  public var freeze: String?

  // MARK: Method
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
  /// What moves the weights, if given.
  public var optimizer: OptimizerKind?
  /// The learning rate after the warm-up, if given.
  public var learningRate: Double?
  /// The momentum of SGD.
  public var momentum: Float = 0.9
  /// Whether SGD takes Nesterov's form of momentum.
  public var nesterov = false
  /// The weight decay, if given.
  public var weightDecay: Float?
  /// The factor of the learning rate from each layer to the one before it; 1 for the same rate everywhere.
  public var layerDecay: Float = 1
  /// How the learning rate falls, if given.
  public var schedule: ScheduleKind?
  /// The factor of the step schedule.
  public var gamma = 0.7
  /// Epochs between the steps of the step schedule.
  public var stepSize = 1
  /// Epochs over which the learning rate rises first, if given.
  public var warmupEpochs: Int?
  /// Where the cosine schedule ends.
  public var minimumLearningRate = 0.0
  /// The largest norm of the gradients, if it is limited.
  public var clipGrad: Float?
  /// The decay of the moving average of the weights, if there is one.
  public var averageDecay: Float?
  /// The share of each label that is spread over all classes.
  public var labelSmoothing: Float = 0
  /// In which numbers the products of a step are computed; evaluation always takes 32 bits.
  public var precision = Precision.float32
  /// How the convolutions of a step sum their products, if given; evaluation within the run does the same.
  public var convolution: ConvolutionAlgorithm?

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
  /// How many classes count, if given.
  public var topn: Int?
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
  /// Steps from one line of `steps.jsonl` to the next, if there is such a file.
  public var logInterval: Int?
  /// How many checkpoints are kept.
  public var keep = 3
  /// What happens when a number is not finite.
  public var onNaN = NaNPolicy.stop

  /// The default configuration.
  public init() {}
}
