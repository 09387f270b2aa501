import Foundation
import SmootAutodiff
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

/// Distilled networks, positions of another grid and a resize inside the network, against timm's numbers.
@Suite(.serialized) struct FineTuningTests {
  private let golden: GoldenFile
  private let labels: [Int32] = [3, 1, 4]

  init() throws { golden = try GoldenFile(Bundle.module.bundlePath, "distilled") }

  private func size(_ side: Int) -> ImageSize { ImageSize(channels: 3, height: side, width: side) }

  private func options(isDistilled: Bool = true) -> ModelOptions {
    var options = ModelOptions()
    (options.width, options.depth, options.heads, options.patchSize) = (24, 2, 3, 4)
    options.isDistilled = isDistilled
    return options
  }

  /// The network with timm's weights.
  private func model(_ options: ModelOptions, side: Int) throws -> any Classifier {
    let model = try ModelRegistry.make(
      "vit-tiny", options, inputSize: size(side), classCount: 5, random: RandomKey(seed: 1))
    for parameter in model.parameters {
      parameter.value = parameter.layout.fromFile(
        try golden.tensor("weights.\(parameter.name)"))
    }
    return model
  }

  @Test(arguments: kernelLevels) func distilledNetworkEqualsTimm(_ level: String) throws {
    try withKernels(level) {
      let model = try model(options(), side: 16)
      let tape = Tape()
      let images = tape.variable(scrambled([3, 3, 16, 16], 0.5))
      let logits = model.logits(images, .evaluation(tape: tape))
      expectClose(logits.value, try golden.tensor("eval.logits"), relative: 1e-5)
      let gradient = tape.gradients(
        of: logits.crossEntropy(labels), withRespectTo: [images])[0]
      expectClose(gradient, try golden.tensor("input_gradient"), relative: 1e-4)
    }
  }

  @Test(arguments: Interpolation.allCases)
  func resizesInsideTheNetwork(_ interpolation: Interpolation) throws {
    var options = options()
    (options.resize, options.interpolation) = (16, interpolation)
    let model = try model(options, side: 8)
    #expect(model.inputSize == size(8))
    let tape = Tape()
    let images = tape.variable(scrambled([3, 3, 8, 8], 0.7))
    let logits = model.logits(images, .evaluation(tape: tape))
    let name = "resized.\(interpolation.rawValue)"
    expectClose(logits.value, try golden.tensor("\(name).logits"), relative: 1e-5)
    let gradient = tape.gradients(of: logits.crossEntropy(labels), withRespectTo: [images])[0]
    expectClose(gradient, try golden.tensor("\(name).gradient"), relative: 1e-4)
  }

  @Test func resamplesPositionsAsTimmDoes() throws {
    let positions = try golden.tensor("weights.pos_embed")
    let names: Set = ["pos_embed", "dist_token"]
    for side in [2, 6] {
      for isDistilled in [true, false] {
        let model = try ModelRegistry.make(
          "vit-tiny", options(isDistilled: isDistilled), inputSize: size(4 * side), classCount: 5,
          random: RandomKey(seed: 1))
        let parameter = try #require(model.parameters.first { $0.name == "pos_embed" })
        let found = try #require(model.adapted(positions, to: parameter, of: names))
        let timm = try golden.tensor("positions.\(side)")
        let wanted =
          isDistilled
          ? timm
          : .concatenated(
            [timm.sliced(axis: 1, 0..<1), timm.sliced(axis: 1, 2..<timm.shape[1])], axis: 1)
        #expect(found.shape == parameter.value.shape)
        expectClose(found, wanted, relative: 1e-5, "grid of \(side)")
      }
    }
  }

  @Test func positionsThatNoGridHasAreRefused() throws {
    let model = try ModelRegistry.make(
      "vit-tiny", options(isDistilled: false), inputSize: size(8), classCount: 5,
      random: RandomKey(seed: 1))
    let parameter = try #require(model.parameters.first { $0.name == "pos_embed" })
    #expect(model.adapted(.zeros([1, 8, 24]), to: parameter, of: ["pos_embed"]) == nil)
    #expect(model.adapted(.zeros([1, 10, 12]), to: parameter, of: ["pos_embed"]) == nil)
    #expect(model.adapted(.zeros([2, 10, 24]), to: parameter, of: ["pos_embed"]) == nil)
  }

  @Test func everyParameterHasALayer() throws {
    for name in ModelRegistry.names {
      let model = try ModelRegistry.make(
        name, inputSize: size(32), classCount: 10, random: RandomKey(seed: 1))
      let places = model.parameters.map { model.layer(of: $0.name) }
      #expect(Set(places) == Set(model.layers.indices), "\(name)")
      let head = model.parameters.filter { model.isInHead($0.name) }
      #expect(head.map(\.value.count).reduce(0, +) == 10 * (head[0].value.shape[1] + 1))
      #expect(head.allSatisfy { model.layer(of: $0.name) == model.layers.count - 1 })
    }
  }

  @Test(arguments: [
    ("cnn", "dim"), ("resnet18", "patch-size"), ("vit-tiny", "heads"), ("vit-micro", "stem"),
    ("cnn", "stem"), ("nothing", "model"), ("cnn", "model-resize"),
  ])
  func refusesWhatCannotBe(_ name: String, _ option: String) {
    var options = ModelOptions()
    switch option {
    case "dim": options.width = 64
    case "patch-size": options.patchSize = 8
    case "heads": options.heads = 5
    case "stem": options.stem = .cifar
    case "model-resize": options.resize = 224
    default: break
    }
    let error = #expect(throws: ModelError.self) {
      try ModelRegistry.check(name, options, inputSize: size(32))
    }
    #expect(error?.option == option)
  }

  @Test func frozenParametersAreKeptButNotTrained() throws {
    let base = try ModelRegistry.make(
      "vit-micro", inputSize: size(32), classCount: 10, random: RandomKey(seed: 1))
    let frozen = FrozenClassifier(base) { $0.hasPrefix("blocks.") }
    #expect(!frozen.parameters.contains { $0.name.hasPrefix("blocks.") })
    let names = { (parameters: [Parameter]) in Set(parameters.map(\.name)) }
    #expect(names(frozen.parameters + frozen.buffers) == names(base.parameters))
    let images = Variable(scrambled([2, 3, 32, 32], 0.5))
    #expect(
      frozen.logits(images, .evaluation()).value.scalars
        == base.logits(images, .evaluation()).value.scalars)
  }
}
