public import SmootAttribution
public import SmootAutodiff
public import SmootMasking

/// Everything that determines a training run. Each property is an option of the command line under the name in ``options``.
public struct TrainingConfiguration: Sendable, Equatable {
  // MARK: Data
  public var dataset = "fashion-mnist"
  public var data: String?
  public var validation = 0
  public var limitTrain: Int?
  public var limitTest: Int?
  public var dropLast = false

  // MARK: Model and method
  public var model = "cnn"
  public var method = TrainingMethod.sgt
  public var epochs = 10
  public var batchSize = 256
  public var seed: UInt64 = 1

  // MARK: Optimization
  public var optimizer = OptimizerKind.adadelta
  public var learningRate = 1.0
  public var momentum: Float = 0.9
  public var nesterov = false
  public var weightDecay: Float = 0
  public var schedule = ScheduleKind.constant
  public var gamma = 0.7
  public var stepSize = 1
  public var warmupEpochs = 0
  public var minimumLearningRate = 0.0
  public var clipGrad: Float?
  public var averageDecay: Float?
  public var labelSmoothing: Float = 0

  // MARK: Masking
  public var maskFraction: Float = 0.5
  public var rank = Ranking.signed
  public var score = ScoreKind.logprob
  public var target = SaliencyTarget.label
  public var reduce = ChannelReduction.meanThenAbs
  public var maskUnit = MaskUnit.pixel
  public var gradMode = PassMode.eval
  public var fill = MaskFill.Kind.uniform
  public var fillRange = MaskFill.Range.remaining
  public var fillConstant: Float = 0
  public var divergenceWeight: Float = 1
  public var divergence = DivergenceKind.forward
  public var detached = SaliencyGuidedStep.DetachedBranch.none
  public var concatenates = false

  // MARK: Adaptive mask size
  public var top1 = AdaptiveBudget.FirstClass.label
  public var topnOrder = AdaptiveBudget.OtherClasses.clean
  public var topn = 5
  public var deltaMode = PassMode.train
  public var kUnit = AdaptiveBudget.Unit.pixel
  public var speed: Float = 10
  public var alpha: Float?
  public var kMin: Float = 0.2
  public var kMax: Float = 0.8
  public var kInitial: Float = 0.5

  // MARK: Course of the run
  public var select = Selection.last
  public var patience: Int?
  public var maxTime: Duration?
  public var saveEvery = SaveInterval.epochs(1)
  public var keep = 3
  public var onNaN = NaNPolicy.stop

  /// The default configuration.
  public init() {}

  /// The weight of the first class in the update of k: as given, or the paper's for the data set: 0.80 for CIFAR, 0.95 for the others.
  public var resolvedAlpha: Float { alpha ?? (dataset.hasPrefix("cifar") ? 0.8 : 0.95) }
}
