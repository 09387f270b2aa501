/// How one step went: a line of `steps.jsonl`.
public struct StepRecord: Codable, Sendable, Equatable {
  /// The epoch, counted from 1.
  public let epoch: Int
  /// The step, counted from 1 over the whole run.
  public let step: Int
  /// The loss of the step's images.
  public let loss: Double
  /// Its cross-entropy.
  public let crossEntropy: Double
  /// Its divergence, 0 in traditional training.
  public let divergence: Double
  /// In percent, dropout included.
  public let trainAccuracy: Double

  enum CodingKeys: String, CodingKey {
    case epoch, step, loss
    case crossEntropy = "cross_entropy"
    case divergence = "kl"
    case trainAccuracy = "train_accuracy"
  }

  init(_ result: StepResult, epoch: Int, step: Int) {
    self.epoch = epoch
    self.step = step
    loss = result.loss
    crossEntropy = result.crossEntropy
    divergence = result.divergence
    trainAccuracy = 100 * Double(result.correct) / Double(max(1, result.count))
  }
}
