import SmootAutodiff
public import SmootDatasets
public import SmootMasking
public import SmootNN
public import SmootTensor

/// A step that takes a batch in pieces and adds their gradients up, so that what a deep network remembers of a batch stays in the caches and in memory.
///
/// The result is that of the whole batch but for the order of sums, and for random numbers, of which each piece has its own. Not for networks or fills whose result for an
/// image depends on the other images of the batch.
///
/// Where the threads share the pieces evenly each takes whole ones, and waits for nobody within them; else they work at one piece after the other. The result is the same.
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
    let pieces = (count + size - 1) / size
    var done: [(result: StepResult, step: any TrainingStep)?] = Array(repeating: nil, count: pieces)
    func take(_ index: Int) -> (result: StepResult, step: any TrainingStep) {
      var step = step
      let start = index * size
      let result = step(
        batch[start..<min(count, start + size)], model,
        random: random.derived("piece").derived(start))
      return (result, step)
    }
    let threads = Parallelism.threads
    if OperationProfile.current == nil, pieces.isMultiple(of: threads) || pieces >= 4 * threads {
      done.withUnsafeMutableBufferPointer { done in
        parallelFor(pieces) { done[$0] = take($0) }
      }
    }
    var sum: StepResult?
    for index in 0..<pieces {
      var piece = done[index] ?? take(index)
      done[index] = nil
      let range = index * size..<min(count, (index + 1) * size)
      if let sizes = piece.step.adaptiveBudget {
        step.adaptiveBudget?.adopt(sizes, of: Array(batch.indices[range]))
      }
      let share = Double(range.count) / Double(count)
      if sum == nil {
        piece.result.scale(by: share)
        sum = piece.result
      } else {
        sum?.add(piece.result, share: share)
      }
      OperationProfile.end(of: "sum of pieces")
    }
    return sum ?? step(batch, model, random: random)
  }
}

extension StepResult {
  /// Leaves the part that these images have in the result of a larger batch.
  fileprivate mutating func scale(by share: Double) {
    for index in gradients.indices { gradients[index].scale(by: Float(share)) }
    loss *= share
    crossEntropy *= share
    divergence *= share
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
