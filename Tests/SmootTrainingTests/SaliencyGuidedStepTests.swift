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

/// Whole steps of SGT against the definition worked out in PyTorch, with the same noise.
@Suite(.serialized) struct SaliencyGuidedStepTests {
  /// The paper CNN without its dropout: its training passes are its evaluation passes.
  private struct WithoutDropout: Classifier {
    let base: PaperCNN
    var inputSize: ImageSize { base.inputSize }
    var classCount: Int { base.classCount }
    var parameters: [Parameter] { base.parameters }
    func features(_ images: Variable, _ context: ForwardContext) -> Variable {
      base.features(images, context)
    }
    func logits(features: Variable, _ context: ForwardContext) -> Variable {
      base.logits(features: features, .evaluation(tape: context.tape))
    }
  }

  private static func model() -> WithoutDropout {
    let size = ImageSize(channels: 1, height: 28, width: 28)
    let model = PaperCNN(inputSize: size, classCount: 10, random: RandomKey(seed: 1))
    for (index, parameter) in model.parameters.enumerated() {
      let shape = parameter.layout.fileShape(of: parameter.value.shape)
      let fan = shape.rank > 1 ? shape.dimensions.dropFirst().reduce(1, *) : 64
      parameter.value = parameter.layout.fromFile(
        scrambled(
          shape, 0.1 * Double(index),
          (parameter.name == "fc2.weight" ? 12 : 1) / Double(fan).squareRoot()))
    }
    return WithoutDropout(base: model)
  }

  private static func options(_ name: String) -> SaliencyGuidedStep.Options {
    var options = SaliencyGuidedStep.Options()
    switch name {
    case "abs": options.ranking = .abs
    case "logit": options.saliency.score = .logit
    case "prob": options.saliency.score = .prob
    case "image_range": options.fill.range = .image
    case "reverse": options.divergence = .reverse
    case "js": options.divergence = .jensenShannon
    case "detach_clean": options.detached = .clean
    case "detach_masked": options.detached = .masked
    case "mean_fill": options.fill.kind = .mean
    default: break
    }
    return options
  }

  @Test(
    arguments: kernelLevels,
    [
      "sgt", "abs", "logit", "prob", "image_range", "reverse", "js", "detach_clean",
      "detach_masked", "mean_fill", "concat",
    ])
  func followsTheDefinition(_ level: String, _ name: String) throws {
    let golden = try GoldenFile(Bundle.module.bundlePath, "steps")
    let reference = name == "concat" ? "sgt" : name
    var options = Self.options(name)
    options.concatenates = name == "concat"
    let labels: [Int32] = [3, 1, 4, 1, 5, 9]
    let batch = LabeledBatch(
      images: scrambled([6, 1, 28, 28], 0.5), labels: labels, indices: Array(0..<6))
    var budget = AdaptiveBudget(rule: .init(), initial: 0.5, elements: 784, count: 6)
    let counts: [Float] = [392, 157, 627, 0, 784, 100]
    budget.restore(counts)
    var step = SaliencyGuidedStep(options: options, adaptiveBudget: budget)
    if options.fill.kind == .uniform { step.replayedNoise = try golden.tensor("noise") }
    let model = Self.model()
    let result = withKernels(level) { step(batch, model, random: RandomKey(seed: 1)) }

    let losses = try golden.tensor("\(reference).losses").scalars
    expectClose([Float(result.crossEntropy)], [losses[0]], "cross-entropy")
    // A small difference of nearly equal logarithms.
    expectClose([Float(result.divergence)], [losses[1]], relative: 3e-4, "divergence")
    for (parameter, gradient) in zip(model.parameters, result.gradients)
    where ["conv1.weight", "conv2.bias", "fc2.weight"].contains(parameter.name) {
      expectClose(
        parameter.layout.toFile(gradient).scalars,
        try golden.tensor("\(reference).gradient.\(parameter.name)").scalars, relative: 3e-5,
        parameter.name)
    }
    // The update of k, from the reference's own probabilities.
    var expected = AdaptiveBudget(rule: .init(), initial: 0.5, elements: 784, count: 6)
    expected.restore(counts)
    expected.update(
      indices: Array(0..<6), labels: labels, clean: try golden.tensor("\(reference).clean"),
      masked: try golden.tensor("\(reference).masked"))
    expectClose(step.adaptiveBudget?.values ?? [], expected.values, "k")
  }
}
