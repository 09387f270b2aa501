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

  struct Case: Sendable {
    let level: String
    /// The name of the numbers in the golden file.
    let name: String
    let variant: ResNet.Variant
    let side: Int
    let batch: Int
    let convolution: ConvolutionAlgorithm
  }

  /// The large one with the fastest kernels only: plain loops would take minutes.
  ///
  /// Winograd's method rounds more than the direct sum, and opens or closes a few of the two million ReLUs of the
  /// first case; the small one has none so close to zero.
  private static let cases: [Case] = {
    var cases: [Case] = []
    for level in kernelLevels {
      cases.append(
        Case(
          level: level, name: "resnet18", variant: .resnet18, side: 32, batch: 4,
          convolution: .direct))
      cases.append(
        Case(
          level: level, name: "small", variant: .resnet18, side: 16, batch: 1,
          convolution: .winograd))
    }
    let level = kernelLevels.last ?? "scalar"
    for convolution in ConvolutionAlgorithm.allCases {
      cases.append(
        Case(
          level: level, name: "resnet50", variant: .resnet50, side: 112, batch: 2,
          convolution: convolution))
    }
    return cases
  }()

  @Test(arguments: cases) func equalsTorchvision(_ test: Case) throws {
    let golden = try GoldenFile(Bundle.module.bundlePath, "resnet")
    let (prefix, variant, convolution) = (test.name, test.variant, test.convolution)
    let labels = Array([3, 1, 4, 1].prefix(test.batch)) as [Int32]
    try withKernels(test.level) {
      let model = model(variant, side: test.side)
      let phase = Double(try golden.tensor("\(prefix).phase").scalar)
      let values = scrambled([test.batch, 3, test.side, test.side], (phase * 10).rounded() / 10)
      var tape = Tape()
      let images = tape.variable(values)
      var logits = model.logits(images, .evaluation(tape: tape, convolution: convolution))
      expectClose(logits.value, try golden.tensor("\(prefix).logits"), relative: 1e-4, "logits")
      let scores = logits.score(ofClasses: labels, .logprob)
      let gradient = tape.gradients(of: scores, withRespectTo: [images])[0].scalars
      expectClose(
        sampled(gradient, every: test.side < 112 ? 7 : 97),
        try golden.tensor("\(prefix).input_gradient").scalars, relative: 1e-4, "input gradient")

      // In training the deep one multiplies rounding errors of float32 by thousands, and so does a single small image.
      let differentiatesTraining = test.name == "resnet18"
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
        expectClose(
          buffer.value, expected, relative: convolution == .direct ? 2e-5 : 3e-5, buffer.name)
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
