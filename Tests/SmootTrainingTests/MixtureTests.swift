import Foundation
import SmootAttribution
import SmootAutodiff
import SmootDatasets
import SmootMasking
import SmootNN
import SmootTensor
import SmootTestSupport
import SmootTraining
import Testing

/// How mixed images meet losses, saliency and mask sizes.
@Suite(.serialized) struct MixtureTests {
  private let labels: [Int32] = [3, 1, 4, 1, 5, 9]

  private func batch(_ images: Tensor, share: Float) -> LabeledBatch {
    LabeledBatch(
      images: images, labels: labels, indices: [5, 0, 3, 2, 1, 4],
      mixture: .init(labels: labels.reversed(), share: share))
  }

  @Test(arguments: kernelLevels, ["0.0", "0.1"])
  func lossEqualsThatOfSoftLabels(_ level: String, _ smoothing: String) throws {
    let golden = try GoldenFile(Bundle.module.bundlePath, "soft_labels")
    try withKernels(level) {
      let tape = Tape()
      let logits = tape.variable(scrambled([6, 10], 0.5, 3))
      let loss = batch(.zeros([6, 1, 1, 1]), share: 0.7)
        .crossEntropy(of: logits, smoothing: Float(smoothing) ?? 0)
      let gradient = tape.gradients(of: loss, withRespectTo: [logits])[0]
      expectClose(loss.value, try golden.tensor("\(smoothing).loss"), "loss")
      expectClose(gradient, try golden.tensor("\(smoothing).gradient"), "gradient")
    }
  }

  /// The saliency of a mixed image is the mean of the saliencies for both classes, weighted by their shares: gradients are linear in the score.
  @Test func saliencyExplainsBothClasses() {
    let model = PaperCNN(
      inputSize: ImageSize(channels: 1, height: 12, width: 12), classCount: 10,
      random: RandomKey(seed: 1))
    let images = scrambled([6, 1, 12, 12], 0.5)
    let method = InputGradient()
    func gradient(_ labels: [Int32], _ others: (labels: [Int32], share: Float)?) -> Tensor {
      let tape = Tape()
      let input = tape.variable(images)
      let logits = model.logits(input, .evaluation(tape: tape))
      return method.gradients(
        of: logits, withRespectTo: input, labels: labels, others: others)
    }
    let mixed = gradient(labels, (labels.reversed(), 0.25))
    let (own, other) = (gradient(labels, nil), gradient(labels.reversed(), nil))
    expectClose(mixed, own * 0.75 + other * 0.25, relative: 1e-5)
  }

  /// The image with the larger share owns the mixed image: its k moves, as the update's definition says, with its label as the first class.
  @Test func maskSizeOfTheOwnerMoves() throws {
    let model = PaperCNN(
      inputSize: ImageSize(channels: 1, height: 12, width: 12), classCount: 10,
      random: RandomKey(seed: 1))
    let images = scrambled([6, 1, 12, 12], 0.5)
    var options = SaliencyGuidedStep.Options()
    options.budgetMode = .evaluation
    options.fill.kind = .mean
    func sizes(_ batch: LabeledBatch) throws -> (before: [Float], after: [Float]) {
      let budget = AdaptiveBudget(rule: .init(), initial: 0.5, elements: 144, count: 7)
      var step = SaliencyGuidedStep(options: options, adaptiveBudget: budget)
      _ = step(batch, model, random: RandomKey(seed: 1))
      return (budget.values, try #require(step.adaptiveBudget).values)
    }
    let mixed = try sizes(batch(images, share: 0.75))
    for index in 0..<6 { #expect(mixed.after[index] != mixed.before[index], "image \(index)") }
    #expect(mixed.after[6] == mixed.before[6], "an image outside the batch")
    // With the whole share the other class has no influence.
    let whole = try sizes(batch(images, share: 1))
    let plain = try sizes(
      LabeledBatch(images: images, labels: labels, indices: [5, 0, 3, 2, 1, 4]))
    expectClose(whole.after, plain.after)
  }
}
