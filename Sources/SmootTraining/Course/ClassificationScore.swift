import SmootAutodiff
public import SmootDatasets
public import SmootNN
import SmootTensor

/// Accuracy and loss over a data set, in evaluation mode.
public struct ClassificationScore: Codable, Sendable, Equatable {
  /// How many images there are.
  public let count: Int
  /// How many were classified rightly.
  public let correct: Int
  /// The mean cross-entropy.
  public let loss: Double

  /// The share of right answers, in percent.
  public var accuracy: Double { count > 0 ? 100 * Double(correct) / Double(count) : 0 }

  /// Judges a model.
  ///
  /// - Parameters:
  ///   - model: the network.
  ///   - dataset: the images.
  ///   - batchSize: images at a time; changes no bit of the accuracy.
  public init(of model: any Classifier, on dataset: ImageDataset, batchSize: Int = 500) {
    var (correct, loss) = (0, 0.0)
    for start in stride(from: 0, to: dataset.count, by: batchSize) {
      let batch = dataset.batch(Array(start..<min(dataset.count, start + batchSize)))
      let logits = model.logits(Variable(batch.images), .evaluation())
      correct += logits.value.correctCount(batch.labels)
      loss += Double(logits.crossEntropy(batch.labels).value.scalar) * Double(batch.labels.count)
    }
    count = dataset.count
    self.correct = correct
    self.loss = dataset.count > 0 ? loss / Double(dataset.count) : 0
  }
}
