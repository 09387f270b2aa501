import SmootAutodiff
import SmootDatasets
import SmootMasking
import SmootNN
import SmootTensor
import SmootTestSupport
import SmootTraining
import Testing

/// A batch in pieces gives the gradients of the whole batch.
@Suite(.serialized) struct PiecewiseStepTests {
  private let model = VisionTransformer(
    inputSize: ImageSize(channels: 1, height: 8, width: 8), classCount: 4,
    extents: .init(width: 12, depth: 2, heads: 2, patchSize: 4), random: RandomKey(seed: 1))
  private let batch = LabeledBatch(
    images: scrambled([10, 1, 8, 8], 0.3), labels: (0..<10).map { Int32($0 % 4) },
    indices: Array((0..<10).reversed()))

  private func compare(_ step: any TrainingStep) -> (
    whole: any TrainingStep, pieces: any TrainingStep
  ) {
    var (whole, pieces) = (step, PiecewiseStep(step, size: 4) as any TrainingStep)
    let expected = whole(batch, model, random: RandomKey(seed: 2))
    let found = pieces(batch, model, random: RandomKey(seed: 2))
    #expect(found.count == 10)
    #expect(found.correct == expected.correct)
    #expect(abs(found.loss - expected.loss) < 1e-6)
    #expect(abs(found.crossEntropy - expected.crossEntropy) < 1e-6)
    #expect(abs(found.divergence - expected.divergence) < 1e-6)
    for (parameter, pair) in zip(model.parameters, zip(found.gradients, expected.gradients)) {
      expectClose(pair.0, pair.1, parameter.name)
    }
    return (whole, pieces)
  }

  /// Five pieces: side by side on one thread and on five, one after the other on two.
  @Test func givesTheSameBitsForAnyNumberOfThreads() {
    let threads = Parallelism.threads
    defer { Parallelism.threads = threads }
    let budget = AdaptiveBudget(rule: .init(), initial: 0.5, elements: 64, count: 10)
    let whole = SaliencyGuidedStep(options: .init(), adaptiveBudget: budget)
    func run(_ threads: Int) -> (result: StepResult, sizes: [Float]?) {
      Parallelism.threads = threads
      var step = PiecewiseStep(whole, size: 2) as any TrainingStep
      return (step(batch, model, random: RandomKey(seed: 2)), step.adaptiveBudget?.values)
    }
    let expected = run(1)
    for count in [2, 5] {
      let found = run(count)
      #expect(found.result.loss == expected.result.loss)
      #expect(found.sizes == expected.sizes)
      for (gradient, wanted) in zip(found.result.gradients, expected.result.gradients) {
        #expect(gradient.scalars == wanted.scalars)
      }
    }
  }

  @Test func traditional() { _ = compare(TraditionalStep(labelSmoothing: 0.1)) }

  /// A fill without random numbers, because each piece has its own.
  @Test func smoot() {
    var options = SaliencyGuidedStep.Options()
    options.fill = MaskFill(kind: .mean)
    var rule = AdaptiveBudget.Rule()
    rule.classes = 3
    let budget = AdaptiveBudget(rule: rule, initial: 0.5, elements: 64, count: 10)
    let result = compare(SaliencyGuidedStep(options: options, adaptiveBudget: budget))
    let sizes = [result.whole, result.pieces].map { $0.adaptiveBudget?.values ?? [] }
    #expect(sizes[0].count == 10)
    #expect(zip(sizes[0], sizes[1]).allSatisfy { abs($0 - $1) < 1e-4 })
    #expect(sizes[0] != Array(repeating: sizes[0][0], count: 10))
  }
}
