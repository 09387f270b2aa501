/// How an epoch went: a line of `metrics.jsonl`.
public struct EpochRecord: Codable, Sendable, Equatable {
  /// The epoch, counted from 1.
  public let epoch: Int
  /// Steps taken in all.
  public let step: Int
  public let learningRate: Double
  /// The mean loss, its cross-entropy and its divergence.
  public let loss: Double
  public let crossEntropy: Double
  public let divergence: Double
  /// In percent, over the training passes, dropout included.
  public let trainAccuracy: Double
  /// In percent, on the validation images.
  public let validationAccuracy: Double?
  /// In percent, on the test images.
  public let testAccuracy: Double?
  public let testLoss: Double?
  /// The least, median and greatest mask size, in mask elements.
  public let kMin: Double?
  public let kMedian: Double?
  public let kMax: Double?
  public let skippedSteps: Int
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
    case skippedSteps = "skipped_steps"
    case imagesPerSecond = "images_per_second"
  }
}
