import Foundation
import SmootAutodiff
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

/// The vision transformer against timm's numbers on the same weights and images.
@Suite(.serialized) struct VisionTransformerTests {
  private let labels: [Int32] = [3, 1]

  /// The value that the reference script gives a parameter.
  private func value(_ name: String, _ shape: Shape, _ index: Int) -> Tensor {
    let phase = 0.1 * Double(index)
    if name.contains("norm"), name.hasSuffix("weight") {
      return scrambled(shape, phase, 0.1) + Tensor(1)
    }
    if shape.rank == 1 || name == "cls_token" || name == "pos_embed" {
      return scrambled(shape, phase, 0.1)
    }
    let fan = shape.dimensions.dropFirst().reduce(1, *)
    return scrambled(shape, phase, 1.5 / Double(fan).squareRoot())
  }

  private func model(side: Int, patch: Int) -> VisionTransformer {
    let model = VisionTransformer(
      inputSize: ImageSize(channels: 3, height: side, width: side), classCount: 10,
      extents: .init(width: 192, depth: 12, heads: 3, patchSize: patch), random: RandomKey(seed: 1))
    for (index, parameter) in model.parameters.enumerated() {
      let shape = parameter.layout.fileShape(of: parameter.value.shape)
      parameter.value = parameter.layout.fromFile(value(parameter.name, shape, index))
    }
    return model
  }

  @Test(arguments: kernelLevels, [(32, 4, 2), (224, 16, 1)])
  func equalsTimm(_ level: String, _ size: (side: Int, patch: Int, batch: Int)) throws {
    let golden = try GoldenFile(Bundle.module.bundlePath, "vision_transformer")
    let prefix = "tiny\(size.side)"
    let labels = Array(labels.prefix(size.batch))
    try withKernels(level) {
      let model = model(side: size.side, patch: size.patch)
      let tape = Tape()
      let images = tape.variable(scrambled([size.batch, 3, size.side, size.side], 0.5))
      let logits = model.logits(images, .evaluation(tape: tape))
      expectClose(logits.value, try golden.tensor("\(prefix).logits"), relative: 2e-5, "logits")

      let scores = logits.score(ofClasses: labels, .logprob)
      let inputGradient = tape.gradients(of: scores, withRespectTo: [images])[0].scalars
      let step = size.side == 32 ? 1 : 97
      expectClose(
        stride(from: 0, to: inputGradient.count, by: step).map { inputGradient[$0] },
        try golden.tensor("\(prefix).input_gradient").scalars, relative: 1e-4, "input gradient")

      let loss = logits.crossEntropy(labels)
      let gradients = tape.gradients(
        of: loss, withRespectTo: model.parameters.map(tape.variable(for:)))
      for (parameter, gradient) in zip(model.parameters, gradients) {
        let values = gradient.scalars
        let samples =
          values.count < 300
          ? values : stride(from: 0, to: values.count, by: 997).map { values[$0] }
        let expected = try golden.tensor("\(prefix).gradient.\(parameter.name)").scalars
        expectClose(samples, expected, relative: 1e-4, parameter.name)
      }
    }
  }

  @Test func namesParametersAsTimmDoes() {
    let model = model(side: 32, patch: 4)
    let names = model.parameters.map(\.name)
    #expect(
      names.prefix(4) == [
        "cls_token", "pos_embed", "patch_embed.proj.weight", "patch_embed.proj.bias",
      ])
    #expect(
      names[4..<16].map { $0.replacing("blocks.0.", with: "") } == [
        "norm1.weight", "norm1.bias", "attn.qkv.weight", "attn.qkv.bias", "attn.proj.weight",
        "attn.proj.bias", "norm2.weight", "norm2.bias", "mlp.fc1.weight", "mlp.fc1.bias",
        "mlp.fc2.weight", "mlp.fc2.bias",
      ])
    #expect(names.suffix(4) == ["norm.weight", "norm.bias", "head.weight", "head.bias"])
    #expect(Set(names).count == names.count)
    let patches = model.parameters[2]
    #expect(patches.layout.fileShape(of: patches.value.shape) == [192, 3, 4, 4])
    #expect(model.parameterCount == 5_362_762)
  }

  /// With dropout or stochastic depth a training pass is random, and an evaluation pass is not.
  @Test func dropsOnlyInTraining() {
    let model = VisionTransformer(
      inputSize: ImageSize(channels: 1, height: 8, width: 8), classCount: 3,
      extents: .init(width: 12, depth: 3, heads: 2, patchSize: 4), dropout: 0.1, pathDropout: 0.5,
      random: RandomKey(seed: 1))
    let images = Variable(formula([6, 1, 8, 8], 0.5))
    func logits(_ mode: ForwardContext.Mode, _ seed: UInt64) -> [Float] {
      let context = ForwardContext(mode: mode, random: RandomKey(seed: seed))
      return model.logits(images, context).value.scalars
    }
    #expect(logits(.evaluation, 1) == logits(.evaluation, 2))
    #expect(logits(.training, 1) == logits(.training, 1))
    #expect(logits(.training, 1) != logits(.training, 2))
    #expect(logits(.training, 1) != logits(.evaluation, 1))
  }
}
