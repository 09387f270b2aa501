import Foundation
import SmootAutodiff
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

/// Ten steps of each optimizer against PyTorch's.
@Suite(.serialized) struct OptimizerTests {
  private static func make(_ name: String) -> (optimizer: any Optimizer, rate: Float) {
    switch name {
    case "adadelta": (Adadelta(), 1)
    case "adadelta_decay": (Adadelta(weightDecay: 0.01), 0.5)
    case "sgd": (SGD(momentum: 0.9, weightDecay: 1e-4), 0.1)
    case "sgd_nesterov": (SGD(momentum: 0.9, nesterov: true), 0.1)
    default: (AdamW(weightDecay: 0.05), 1e-3)
    }
  }

  @Test(
    arguments: kernelLevels,
    ["adadelta", "adadelta_decay", "sgd", "sgd_nesterov", "adamw"])
  func equalsPyTorch(_ level: String, _ name: String) throws {
    let golden = try GoldenFile(Bundle.module.bundlePath, "optimizers")
    var (optimizer, rate) = Self.make(name)
    let parameters = [
      Parameter(name: "a", value: formula([5, 7], 0)),
      Parameter(name: "b", value: formula([11], 1)),
    ]
    try withKernels(level) {
      for step in 0..<10 {
        let gradients = parameters.enumerated().map { index, parameter in
          formula(parameter.value.shape, 0.3 * Double(step) + Double(index), 0.5)
        }
        optimizer.update(parameters, gradients: gradients, learningRate: rate)
        for (index, parameter) in parameters.enumerated() {
          expectClose(
            parameter.value, try golden.tensor("\(name).\(step).\(index)"),
            "\(name) step \(step)")
        }
      }
    }
    #expect(optimizer.step == 10)
  }

  @Test func clipsByTheNormOfAllGradients() throws {
    let golden = try GoldenFile(Bundle.module.bundlePath, "optimizers")
    var gradients = [formula([5, 7], 0.7, 3), formula([11], 1.7, 3)]
    let norm = GradientClipping(maximumNorm: 1.5)(&gradients)
    #expect(abs(norm - Double(try golden.tensor("clip.norm").scalar)) < 1e-4)
    for (index, gradient) in gradients.enumerated() {
      expectClose(gradient, try golden.tensor("clip.\(index)"))
    }
    var small = [Tensor([0.3, 0.4], shape: [2])]
    #expect(abs(GradientClipping(maximumNorm: 1.5)(&small) - 0.5) < 1e-6)
    #expect(small[0].scalars == [0.3, 0.4])
  }

  @Test func followsSchedules() {
    let constant = LearningRateSchedule(base: 0.5, epochs: 10)
    #expect((0..<10).allSatisfy { constant.rate(inEpoch: $0) == 0.5 })
    let step = LearningRateSchedule(base: 1, shape: .step(epochs: 2, factor: 0.1), epochs: 6)
    #expect((0..<6).map(step.rate(inEpoch:)).map { Float($0) } == [1, 1, 0.1, 0.1, 0.01, 0.01])
    let cosine = LearningRateSchedule(
      base: 1, shape: .cosine(minimum: 0.2), warmupEpochs: 2, epochs: 10)
    #expect(cosine.rate(inEpoch: 0) == 0.5)
    #expect(cosine.rate(inEpoch: 1) == 1)
    #expect(cosine.rate(inEpoch: 2) == 1)
    #expect(abs(cosine.rate(inEpoch: 6) - 0.6) < 1e-12)
    #expect(cosine.rate(inEpoch: 9) > 0.2)
  }

  @Test func averagesWeights() {
    let parameter = Parameter(name: "w", value: Tensor([1, 2], shape: [2]))
    var average = WeightAverage(decay: 0.75, parameters: [parameter])
    parameter.value = Tensor([5, -2], shape: [2])
    average.update([parameter])
    #expect(average.values[0].scalars == [2, 1])
    average.applied(to: [parameter]) { #expect(parameter.value.scalars == [2, 1]) }
    #expect(parameter.value.scalars == [5, -2])
  }
}
