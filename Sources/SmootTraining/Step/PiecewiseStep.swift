import SmootAutodiff
public import SmootDatasets
public import SmootMasking
public import SmootNN
public import SmootTensor

/// A step that takes a batch in pieces and adds their gradients up, so that what a deep network remembers of a batch stays in the caches and in memory.
///
/// The result is that of the whole batch but for the order of sums, and for random numbers, of which each piece has its own. Not for networks or fills whose result for an
/// image depends on the other images of the batch.
public struct PiecewiseStep: TrainingStep {
  /// How many images a piece has at most.
  public let size: Int
  private var step: any TrainingStep

  /// Makes a step that takes pieces of `size` images.
  public init(_ step: any TrainingStep, size: Int) {
    precondition(size > 0, "a piece has \(size) images")
    self.step = step
    self.size = size
  }

  /// The mask sizes of the images, where they adapt.
  public var adaptiveBudget: AdaptiveBudget? {
    get { step.adaptiveBudget }
    set { step.adaptiveBudget = newValue }
  }

  /// The gradients of a batch, and how it went.
  public mutating func callAsFunction(
    _ batch: LabeledBatch, _ model: any Classifier, random: RandomKey
  ) -> StepResult {
    let count = batch.labels.count
    guard count > size else { return step(batch, model, random: random) }
    var sum: StepResult?
    for start in stride(from: 0, to: count, by: size) {
      let range = start..<min(count, start + size)
      let piece = step(batch[range], model, random: random.derived("piece").derived(start))
      let share = Double(range.count) / Double(count)
      if sum == nil { sum = piece.scaled(by: share) } else { sum?.add(piece, share: share) }
      OperationProfile.end(of: "sum of pieces")
    }
    return sum ?? step(batch, model, random: random)
  }
}

extension StepResult {
  /// The part that these images have in the result of a larger batch.
  fileprivate func scaled(by share: Double) -> StepResult {
    StepResult(
      gradients: gradients.map { $0 * Float(share) }, loss: loss * share,
      crossEntropy: crossEntropy * share, divergence: divergence * share, correct: correct,
      count: count)
  }

  /// Adds the part of other images.
  fileprivate mutating func add(_ other: StepResult, share: Double) {
    for index in gradients.indices {
      gradients[index].add(other.gradients[index], times: Float(share))
    }
    loss += share * other.loss
    crossEntropy += share * other.crossEntropy
    divergence += share * other.divergence
    correct += other.correct
    count += other.count
  }
}
