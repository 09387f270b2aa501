/// How an epoch went: a line of `metrics.jsonl`.
public struct EpochRecord: Codable, Sendable, Equatable {
  /// The epoch, counted from 1.
  public let epoch: Int
  /// Steps taken in all.
  public let step: Int
  /// The learning rate of the epoch.
  public let learningRate: Double
  /// The mean loss, its cross-entropy and its divergence.
  public let loss: Double
  /// The mean cross-entropy.
  public let crossEntropy: Double
  /// The mean divergence, 0 in traditional training.
  public let divergence: Double
  /// In percent, over the training passes, dropout included.
  public let trainAccuracy: Double
  /// In percent, on the validation images.
  public let validationAccuracy: Double?
  /// In percent, on the test images.
  public let testAccuracy: Double?
  /// The mean cross-entropy on the test images; missing when it is not a finite number.
  public let testLoss: Double?
  /// The least, median and greatest mask size, in mask elements.
  public let kMin: Double?
  /// The median mask size.
  public let kMedian: Double?
  /// The greatest mask size.
  public let kMax: Double?
  /// How many training images have which mask size.
  public let kHistogram: MaskSizeHistogram?
  /// Steps left out because of numbers that were not finite.
  public let skippedSteps: Int
  /// Images trained on in a second, evaluation left out.
  public let imagesPerSecond: Double
  /// Seconds of training in this epoch, evaluation left out.
  public let seconds: Double

  enum CodingKeys: String, CodingKey {
    case epoch, step, loss, seconds
    case learningRate = "lr"
    case crossEntropy = "cross_entropy"
    case divergence = "kl"
    case trainAccuracy = "train_accuracy"
    case validationAccuracy = "validation_accuracy"
    case testAccuracy = "test_accuracy"
    case testLoss = "test_loss"
    case kMin = "k_min"
    case kMedian = "k_median"
    case kMax = "k_max"
    case kHistogram = "k_histogram"
    case skippedSteps = "skipped_steps"
    case imagesPerSecond = "images_per_second"
  }

  /// Makes a record.
  public init(
    epoch: Int, step: Int, learningRate: Double, loss: Double, crossEntropy: Double,
    divergence: Double, trainAccuracy: Double, validationAccuracy: Double?, testAccuracy: Double?,
    testLoss: Double?, kMin: Double?, kMedian: Double?, kMax: Double?,
    kHistogram: MaskSizeHistogram? = nil, skippedSteps: Int, imagesPerSecond: Double,
    seconds: Double
  ) {
    self.epoch = epoch
    self.step = step
    self.learningRate = learningRate
    self.loss = loss
    self.crossEntropy = crossEntropy
    self.divergence = divergence
    self.trainAccuracy = trainAccuracy
    self.validationAccuracy = validationAccuracy
    self.testAccuracy = testAccuracy
    self.testLoss = testLoss
    self.kMin = kMin
    self.kMedian = kMedian
    self.kMax = kMax
    self.kHistogram = kHistogram
    self.skippedSteps = skippedSteps
    self.imagesPerSecond = imagesPerSecond
    self.seconds = seconds
  }
}
