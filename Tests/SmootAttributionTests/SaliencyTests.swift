import SmootAttribution
import SmootAutodiff
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

@Suite struct SaliencyTests {
  // Two channels of three pixels.
  private let gradients = Tensor([1, -2, 0, -3, -4, 0.5], shape: [1, 2, 1, 3])

  private func pixels(_ reduction: ChannelReduction, isAbsolute: Bool) -> [Float] {
    Saliency.ofPixels(gradients, reduction, isAbsolute: isAbsolute).scalars
  }

  @Test func putsChannelsTogether() {
    #expect(pixels(.meanThenAbs, isAbsolute: false) == [-1, -3, 0.25])
    #expect(pixels(.meanThenAbs, isAbsolute: true) == [1, 3, 0.25])
    #expect(pixels(.absThenMean, isAbsolute: false) == [2, 3, 0.25])
    #expect(pixels(.maximum, isAbsolute: true) == [3, 4, 0.5])
    #expect(Saliency.ofValues(gradients, isAbsolute: false).scalars == gradients.scalars)
    #expect(Saliency.ofValues(gradients, isAbsolute: true).scalars == [1, 2, 0, 3, 4, 0.5])
  }

  /// logits = W x, whose gradients are known.
  private struct LinearModel: Classifier {
    let inputSize = ImageSize(channels: 1, height: 1, width: 2)
    let classCount = 2
    let weight = Parameter(name: "w", value: Tensor([1, 2, 3, -4], shape: [2, 2]))
    var parameters: [Parameter] { [weight] }
    func features(_ images: Variable, _ context: ForwardContext) -> Variable { images }
    func logits(features: Variable, _ context: ForwardContext) -> Variable {
      features.reshaped(to: [features.shape[0], 2])
        .linear(context.variable(weight), bias: Variable(Tensor.zeros([2])))
    }
  }

  @Test func explainsTheLabelOrThePrediction() {
    let images = Tensor([1, 0, 0, 1], shape: [2, 1, 1, 2])
    let label = InputGradient(score: .logit, target: .label)
    let byLabel = label(images, labels: [0, 0], model: LinearModel())
    #expect(byLabel.logits.scalars == [1, 3, 2, -4])
    #expect(byLabel.gradients.scalars == [1, 2, 1, 2])
    let prediction = InputGradient(score: .logit, target: .prediction)
    #expect(
      prediction(images, labels: [0, 0], model: LinearModel()).gradients.scalars == [3, -4, 1, 2])
  }

  @Test func differentiatesTheChosenScore() {
    let images = Tensor([0, 0], shape: [1, 1, 1, 2])
    // Both probabilities are one half: log p0 has the gradient (W0 - W1) / 2, and p0 half of it.
    let logarithm = InputGradient(score: .logprob)(images, labels: [0], model: LinearModel())
    expectClose(logarithm.gradients.scalars, [-1, 3])
    let probability = InputGradient(score: .prob)(images, labels: [0], model: LinearModel())
    expectClose(probability.gradients.scalars, [-0.5, 1.5])
  }
}
