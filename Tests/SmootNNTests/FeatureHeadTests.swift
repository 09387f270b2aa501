import Foundation
import SmootAutodiff
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

/// Attention heads against PyTorch's numbers, and against the mean over all cells.
@Suite(.serialized) struct FeatureHeadTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let kind: FeatureHead.Kind
    let readout: FeatureHead.Readout
    let cells: Int
    var testDescription: String { "\(kind) \(readout) \(cells)" }
  }

  private static let cases = [
    Case(kind: .dropkey, readout: .flatten, cells: 12),
    Case(kind: .dropkey, readout: .mean, cells: 6),
    Case(kind: .dropout, readout: .flatten, cells: 4),
    Case(kind: .dropout, readout: .mean, cells: 12),
  ]

  private func network(_ example: Case) -> PaperCNN {
    let head = FeatureHead.Options(
      kind: example.kind, readout: example.readout, maskRatio: 0.3, cells: example.cells)
    let model = PaperCNN(
      inputSize: ImageSize(channels: 1, height: 28, width: 28), classCount: 10, head: head,
      random: RandomKey(seed: 1))
    for (index, parameter) in model.parameters.enumerated() {
      let shape = parameter.layout.fileShape(of: parameter.value.shape)
      let fan = shape.rank > 1 ? shape.dimensions.dropFirst().reduce(1, *) : 64
      parameter.value = parameter.layout.fromFile(
        scrambled(shape, 0.1 * Double(index), 2 / Double(fan).squareRoot()))
    }
    return model
  }

  /// With masks drawn by the reference's own implementation of the generator.
  @Test(arguments: kernelLevels, cases)
  func equalsPyTorch(_ level: String, _ example: Case) throws {
    let golden = try GoldenFile(Bundle.module.bundlePath, "heads")
    let keys = (0..<3).map { RandomKey(seed: 7).derived("masks").derived($0) }
    try withKernels(level) {
      let model = network(example)
      for (name, masks) in [("off", nil), ("on", keys)] as [(String, [RandomKey]?)] {
        for isFused in [true, false] {
          let prefix = "\(example.kind).\(example.readout).\(name)"
          let tape = Tape()
          let images = tape.variable(formula([3, 1, 28, 28], 0.5))
          let logits = model.logits(
            images, .evaluation(tape: tape, isFused: isFused, headMasks: masks))
          expectClose(
            logits.value, try golden.tensor("\(prefix).logits"), relative: 1e-4, prefix)
          let variables = [images] + model.parameters.map(tape.variable(for:))
          let gradients = tape.gradients(
            of: logits.crossEntropy([3, 1, 4]), withRespectTo: variables)
          func expect(_ name: String, _ values: [Float], step: Int) throws {
            let sampled = stride(from: 0, to: values.count, by: step).map { values[$0] }
            expectClose(
              sampled, try golden.tensor("\(prefix).\(name)").scalars, relative: 2e-4,
              "\(prefix) \(name)")
          }
          try expect("images", gradients[0].scalars, step: 7)
          for (parameter, gradient) in zip(model.parameters, gradients.dropFirst()) {
            let values = parameter.layout.toFile(gradient).scalars
            try expect(parameter.name, values, step: values.count < 700 ? 1 : 997)
          }
        }
      }
    }
  }

  /// The identity that ties the head to stock networks: uniform attention with a mean over the cells is the mean over the cells.
  @Test(arguments: [("resnet18", 32), ("resnet50", 64), ("cnn", 28)])
  func isTheMeanOverAllCellsWithUniformAttention(_ name: String, _ side: Int) throws {
    let size = ImageSize(channels: 3, height: side, width: side)
    func model(_ kind: FeatureHead.Kind, _ ratio: Float?) throws -> any Classifier {
      var options = ModelOptions()
      (options.head, options.maskRatio, options.readout) = (kind, ratio, .mean)
      return try ModelRegistry.make(
        name, options, inputSize: size, classCount: 7, random: RandomKey(seed: 5))
    }
    let (plain, attentive) = (try model(.linear, nil), try model(.dropkey, 1))
    #expect(plain.parameters.map(\.name) == attentive.parameters.map(\.name))
    #expect(plain.attentionHead == nil && attentive.attentionHead != nil)
    let images = Variable(scrambled(Shape([2] + size.dimensions), 0.3))
    let expected = plain.logits(images, .evaluation()).value
    // Without a key, each query takes all cells alike.
    let keys = [RandomKey(seed: 1), RandomKey(seed: 2)]
    let uniform = attentive.logits(images, .evaluation(headMasks: keys)).value
    expectClose(uniform, expected, relative: 1e-4)
    let other = attentive.logits(images, .evaluation()).value
    let change = zip(other.scalars, expected.scalars).map { abs($0 - $1) }.max() ?? 0
    #expect(change > 1e-4, "attention changes nothing")
  }

  @Test func masksInTrainingOnly() {
    let model = network(Self.cases[1])
    let images = Variable(formula([2, 1, 28, 28], 0.5))
    func logits(_ mode: ForwardContext.Mode, _ seed: UInt64) -> [Float] {
      let head = model.head(
        model.features(images, .evaluation()),
        ForwardContext(mode: mode, random: RandomKey(seed: seed)))
      return head.value.scalars
    }
    #expect(logits(.evaluation, 1) == logits(.evaluation, 2))
    #expect(logits(.training, 1) == logits(.training, 1))
    #expect(logits(.training, 1) != logits(.training, 2))
    #expect(logits(.training, 1) != logits(.evaluation, 1))
  }

  @Test func announcesItsWeights() throws {
    let probe = LayerProbe()
    let model = network(Self.cases[1])
    _ = model.logits(Variable(formula([2, 1, 28, 28], 0.5)), .evaluation(layers: probe))
    let layer = try #require(probe["head.attn_drop"])
    #expect(layer.form == .attention(TokenGrid(prefix: 0, rows: 6, columns: 6)))
    #expect(layer.variable.shape == [2, 1, 36, 36])
  }

  private func message(
    _ name: String, side: Int = 28, _ change: (inout ModelOptions) -> Void
  ) -> String {
    var options = ModelOptions()
    change(&options)
    do throws(ModelError) {
      try ModelRegistry.check(
        name, options, inputSize: ImageSize(channels: 1, height: side, width: side))
      return ""
    } catch {
      return error.description
    }
  }

  @Test func refusesWhatCannotBe() {
    #expect(message("cnn") { $0.maskRatio = 0.5 }.contains("--mask-ratio: a linear head"))
    #expect(message("cnn") { ($0.head, $0.maskRatio) = (.dropout, 1) }.contains("--mask-ratio"))
    #expect(message("cnn") { ($0.head, $0.maskRatio) = (.dropkey, 1) } == "")
    #expect(message("cnn") { $0.headCells = 5 }.contains("1, 2, 3, 4, 6, 12 a side, not 5"))
    #expect(message("vit-micro") { $0.head = .dropkey }.contains("--head"))
    #expect(message("vit-micro") { $0.readout = .mean }.contains("--readout"))
    #expect(message("cnn", side: 100) { $0.head = .dropkey }.contains("--head-cells: attention"))
    #expect(
      message("cnn", side: 100) { ($0.head, $0.headCells) = (.dropkey, 24) } == "")
  }

  /// Options of files that were written before there were heads.
  @Test func readsOlderOptions() throws {
    let text =
      "{\"distilled\":false,\"dropout\":0,\"drop_path\":0,\"interpolation\":\"bilinear\"}"
    let options = try JSONDecoder().decode(ModelOptions.self, from: Data(text.utf8))
    #expect(options == ModelOptions())
    var chosen = ModelOptions()
    (chosen.head, chosen.maskRatio, chosen.headCells) = (.dropkey, 0.5, 4)
    let copy = try JSONDecoder().decode(
      ModelOptions.self, from: JSONEncoder().encode(chosen))
    #expect(copy == chosen)
  }
}
