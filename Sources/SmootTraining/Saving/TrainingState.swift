/// Where a run stands, apart from its tensors: what a checkpoint keeps so that the run goes on as if it had never stopped.
public struct TrainingState: Codable, Sendable, Equatable {
  /// How many steps were taken in all.
  public var step = 0
  /// The epoch of the next step, counted from 0.
  public var epoch = 0
  /// How many steps of that epoch were taken.
  public var stepInEpoch = 0
  /// The sums over those steps.
  public var sums = EpochSums()
  /// The best accuracy so far, in percent, on the images that ``TrainingConfiguration/select`` names.
  public var bestAccuracy: Double?
  /// The epoch of the best accuracy, counted from 1.
  public var bestEpoch: Int?
  /// Seconds of training in this sitting.
  ///
  /// Not saved: a resumed run's checkpoints are the same bytes as those of a run that never stopped.
  public var seconds = 0.0

  enum CodingKeys: String, CodingKey {
    case step, epoch, stepInEpoch, sums, bestAccuracy, bestEpoch
  }

  /// The state before the first step.
  public init() {}
}

/// Sums over the steps of an epoch, from which its record is made.
public struct EpochSums: Codable, Sendable, Equatable {
  /// Images seen.
  public var count = 0
  /// Images classified rightly, dropout included.
  public var correct = 0
  /// The loss times the images.
  public var loss = 0.0
  /// The cross-entropy times the images.
  public var crossEntropy = 0.0
  /// The divergence times the images.
  public var divergence = 0.0
  /// Steps left out because of numbers that were not finite.
  public var skipped = 0
  /// Seconds spent in this sitting, and the images seen in them; not saved.
  public var seconds = 0.0
  /// The images seen in those seconds.
  public var timedImages = 0

  enum CodingKeys: String, CodingKey {
    case count, correct, loss, crossEntropy, divergence, skipped
  }

  /// The sums of no step.
  public init() {}

  mutating func add(_ result: StepResult) {
    let images = Double(result.count)
    count += result.count
    timedImages += result.count
    correct += result.correct
    loss += result.loss * images
    crossEntropy += result.crossEntropy * images
    divergence += result.divergence * images
  }
}
