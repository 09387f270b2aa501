import Foundation
import SmootAutodiff
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

/// Residual networks against torchvision's numbers on the same weights and images, in evaluation and in training.
@Suite(.serialized) struct ResNetTests {
  /// The state in the order of torchvision's state dictionary.
  private func state(_ model: ResNet) -> [Parameter] {
    let named = Dictionary(
      uniqueKeysWithValues: (model.parameters + model.buffers).map { ($0.name, $0) })
    var result: [Parameter] = []
    func add(_ prefix: String, _ names: [String]) {
      for name in names { if let found = named[prefix + name] { result.append(found) } }
    }
    let norm = ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"]
    add("conv1.", ["weight"])
    add("bn1.", norm)
    for stage in 1...4 {
      for block in 0..<8 {
        let prefix = "layer\(stage).\(block)."
        for index in 1...3 {
          add("\(prefix)conv\(index).", ["weight"])
          add("\(prefix)bn\(index).", norm)
        }
        add(prefix + "downsample.0.", ["weight"])
        add(prefix + "downsample.1.", norm)
      }
    }
    add("fc.", ["weight", "bias"])
    return result
  }

  private func model(_ variant: ResNet.Variant, side: Int) -> ResNet {
    let model = ResNet(
      variant, inputSize: ImageSize(channels: 3, height: side, width: side), classCount: 10,
      random: RandomKey(seed: 1))
    let state = state(model)
    #expect(state.count == model.parameters.count + model.buffers.count)
    for (index, parameter) in state.enumerated() where parameter.layout != .count {
      let shape = parameter.layout.fileShape(of: parameter.value.shape)
      let phase = 0.1 * Double(index)
      let isScale = parameter.name.hasSuffix("weight") && shape.rank == 1
      let value: Tensor
      if parameter.name.hasSuffix("running_var") || isScale {
        value = scrambled(shape, phase, 0.1) + Tensor(1)
      } else if shape.rank == 1 {
        value = scrambled(shape, phase, 0.1)
      } else {
        let fan = shape.dimensions.dropFirst().reduce(1, *)
        value = scrambled(shape, phase, 2 / Double(fan).squareRoot())
      }
      parameter.value = parameter.layout.fromFile(value)
    }
    return model
  }

  private func sampled(_ values: [Float], every step: Int) -> [Float] {
    stride(from: 0, to: values.count, by: step).map { values[$0] }
  }

  private typealias Case = (String, ResNet.Variant, Int, Int, ConvolutionAlgorithm)

  /// The large one with the fastest kernels only: plain loops would take minutes.
  private static let cases: [Case] = {
    var cases: [Case] = []
    for algorithm in ConvolutionAlgorithm.allCases {
      for level in kernelLevels { cases.append((level, .resnet18, 32, 4, algorithm)) }
      cases.append((kernelLevels.last ?? "scalar", .resnet50, 112, 2, algorithm))
    }
    return cases
  }()

  @Test(arguments: cases)
  func equalsTorchvision(
    _ level: String, _ variant: ResNet.Variant, _ side: Int, _ batch: Int,
    _ convolution: ConvolutionAlgorithm
  ) throws {
    let golden = try GoldenFile(Bundle.module.bundlePath, "resnet")
    let prefix = variant.rawValue
    let labels = Array([3, 1, 4, 1].prefix(batch)) as [Int32]
    try withKernels(level) {
      let model = model(variant, side: side)
      // With these numbers no argument of a ReLU comes so close to zero that rounding could open or close it.
      let values = scrambled([batch, 3, side, side], variant == .resnet18 ? 0.5 : 4.4)
      var tape = Tape()
      let images = tape.variable(values)
      var logits = model.logits(images, .evaluation(tape: tape, convolution: convolution))
      expectClose(logits.value, try golden.tensor("\(prefix).logits"), relative: 1e-4, "logits")
      let scores = logits.score(ofClasses: labels, .logprob)
      let gradient = tape.gradients(of: scores, withRespectTo: [images])[0].scalars
      expectClose(
        sampled(gradient, every: side == 32 ? 7 : 97),
        try golden.tensor("\(prefix).input_gradient").scalars, relative: 1e-4, "input gradient")

      // In training the deep one multiplies rounding errors of float32 by thousands.
      let differentiatesTraining = variant == .resnet18
      if !differentiatesTraining {
        try checkGradients(of: logits, tape, model, labels, golden, prefix)
      }
      tape = Tape()
      let context = ForwardContext(
        mode: .training, tape: tape, random: RandomKey(seed: 1), convolution: convolution)
      logits = model.logits(Variable(values), context)
      expectClose(
        logits.value, try golden.tensor("\(prefix).training.logits"), relative: 1e-4, "training")
      for buffer in model.buffers {
        if buffer.layout == .count { #expect(buffer.value.scalars == [1]) }
        guard let expected = try? golden.tensor("\(prefix).\(buffer.name)") else { continue }
        expectClose(buffer.value, expected, relative: 1e-5, buffer.name)
      }

      if differentiatesTraining {
        try checkGradients(of: logits, tape, model, labels, golden, prefix)
      }
    }
  }

  private func checkGradients(
    of logits: Variable, _ tape: Tape, _ model: ResNet, _ labels: [Int32], _ golden: GoldenFile,
    _ prefix: String
  ) throws {
    let gradients = tape.gradients(
      of: logits.crossEntropy(labels), withRespectTo: model.parameters.map(tape.variable(for:)))
    for (parameter, gradient) in zip(model.parameters, gradients) {
      let values = parameter.layout.toFile(gradient).scalars
      let step = values.count < 100 ? 1 : values.count < 3000 ? 97 : 9973
      let expected = try golden.tensor("\(prefix).gradient.\(parameter.name)").scalars
      expectClose(sampled(values, every: step), expected, relative: 1e-4, parameter.name)
    }
  }
}
