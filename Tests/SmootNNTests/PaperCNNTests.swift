import Foundation
import SmootAutodiff
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

/// The paper CNN against PyTorch's numbers on the same weights and images.
@Suite(.serialized) struct PaperCNNTests {
  private let labels: [Int32] = [3, 1, 4, 1]

  /// A network with the formula's weights, whose fan-in is that of the reference script.
  static func model(_ size: ImageSize) -> PaperCNN {
    let model = PaperCNN(inputSize: size, classCount: 10, random: RandomKey(seed: 1))
    for (index, parameter) in model.parameters.enumerated() {
      let shape = parameter.layout.fileShape(of: parameter.value.shape)
      let fan = shape.rank > 1 ? shape.dimensions.dropFirst().reduce(1, *) : 64
      let inFile = formula(shape, 0.1 * Double(index), 1 / Double(fan).squareRoot())
      parameter.value = parameter.layout.fromFile(inFile)
    }
    return model
  }

  @Test(arguments: kernelLevels, [(1, 28), (3, 32)])
  func equalsPyTorch(_ level: String, _ size: (channels: Int, side: Int)) throws {
    let golden = try GoldenFile(Bundle.module.bundlePath, "paper_cnn")
    let prefix = "\(size.side)x\(size.side)x\(size.channels)"
    let input = ImageSize(channels: size.channels, height: size.side, width: size.side)
    try withKernels(level) {
      let model = Self.model(input)
      let tape = Tape()
      let images = tape.variable(formula([4, size.channels, size.side, size.side], 0.5))
      let logits = model.logits(images, .evaluation(tape: tape))
      expectClose(logits.value, try golden.tensor("\(prefix).logits"), "logits")

      let scores = logits.score(ofClasses: labels, .logprob)
      let inputGradient = tape.gradients(of: scores, withRespectTo: [images])[0]
      expectClose(
        inputGradient, try golden.tensor("\(prefix).input_gradient"), "input gradient")

      let loss = logits.crossEntropy(labels)
      expectClose(
        loss.value.reshaped(to: [1]), try golden.tensor("\(prefix).loss"), "loss")
      let gradients = tape.gradients(
        of: loss, withRespectTo: model.parameters.map(tape.variable(for:)))
      for (parameter, gradient) in zip(model.parameters, gradients) {
        let values = parameter.layout.toFile(gradient).scalars
        let samples =
          values.count < 3000
          ? values : stride(from: 0, to: values.count, by: 997).map { values[$0] }
        let expected = try golden.tensor("\(prefix).gradient.\(parameter.name)").scalars
        expectClose(samples, expected, parameter.name)
        let sums = try golden.tensor("\(prefix).sums.\(parameter.name)").scalars
        let squares = values.reduce(0.0) { $0 + Double($1) * Double($1) }
        #expect(abs(squares - Double(sums[1])) <= 1e-4 * Double(sums[1]), "\(parameter.name)")
      }
    }
  }

  @Test func namesParametersAsPyTorchDoes() {
    let model = PaperCNN(
      inputSize: ImageSize(channels: 1, height: 28, width: 28), classCount: 10,
      random: RandomKey(seed: 1))
    let shapes = model.parameters.map { "\($0.name) \($0.layout.fileShape(of: $0.value.shape))" }
    #expect(
      shapes == [
        "conv1.weight [32, 1, 3, 3]", "conv1.bias [32]", "conv2.weight [64, 32, 3, 3]",
        "conv2.bias [64]", "fc1.weight [128, 9216]", "fc1.bias [128]", "fc2.weight [10, 128]",
        "fc2.bias [10]",
      ])
    #expect(model.parameterCount == 1_199_882)
  }

  @Test func drawsInitialValuesWithinTheBounds() {
    let model = PaperCNN(
      inputSize: ImageSize(channels: 1, height: 28, width: 28), classCount: 10,
      random: RandomKey(seed: 1))
    for (parameter, fan) in zip(model.parameters, [9, 9, 288, 288, 9216, 9216, 128, 128]) {
      let bound = 1 / Float(fan).squareRoot()
      let values = parameter.value.scalars
      #expect(values.allSatisfy { abs($0) <= bound })
      #expect((values.map(abs).max() ?? 0) > 0.8 * bound)
    }
  }

  @Test func convertsWeightsToFilesAndBack() {
    for layout in [
      ParameterLayout.same, .convolution, .flattenedImage(channels: 2, height: 3, width: 4),
      .patches(channels: 6, size: 2),
    ] {
      let shape: Shape = layout == .convolution ? [3, 3, 2, 5] : [5, 24]
      let value = formula(shape, 0.1)
      let file = layout.toFile(value)
      #expect(file.shape == layout.fileShape(of: shape))
      #expect(layout.fromFile(file).scalars == value.scalars)
      #expect(
        layout == .same || layout == .patches(channels: 6, size: 2) || file.scalars != value.scalars
      )
    }
  }

  @Test func dropsOnlyInTraining() {
    let model = Self.model(ImageSize(channels: 1, height: 28, width: 28))
    let images = Variable(formula([2, 1, 28, 28], 0.5))
    func logits(_ mode: ForwardContext.Mode, _ seed: UInt64) -> [Float] {
      let context = ForwardContext(mode: mode, random: RandomKey(seed: seed))
      return model.logits(images, context).value.scalars
    }
    #expect(logits(.evaluation, 1) == logits(.evaluation, 2))
    #expect(logits(.training, 1) == logits(.training, 1))
    #expect(logits(.training, 1) != logits(.training, 2))
  }
}
