import SmootAutodiff
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

/// Passes that compute each operation by itself, and layers that are seen and replaced.
@Suite struct LayerProbeTests {
  /// One small network of each family, and networks within networks.
  static let networks = [
    "cnn", "resnet18", "resnet50", "resnet18, ImageNet stem", "vit", "distilled vit", "resized vit",
    "frozen cnn",
  ]

  private func model(_ name: String) throws -> any Classifier {
    let size = ImageSize(channels: 3, height: 16, width: 16)
    let random = RandomKey(seed: 3)
    func make(_ name: String, _ change: (inout ModelOptions) -> Void = { _ in }) throws
      -> any Classifier
    {
      var options = ModelOptions()
      change(&options)
      return try ModelRegistry.make(name, options, inputSize: size, classCount: 5, random: random)
    }
    func transformer(_ change: (inout ModelOptions) -> Void = { _ in }) throws -> any Classifier {
      try make("vit-micro") {
        ($0.width, $0.depth, $0.heads, $0.patchSize) = (24, 2, 3, 4)
        change(&$0)
      }
    }
    let model =
      switch name {
      case "resnet18, ImageNet stem": try make("resnet18") { $0.stem = .imagenet }
      case "vit": try transformer()
      case "distilled vit": try transformer { $0.isDistilled = true }
      case "resized vit": try transformer { $0.resize = 24 }
      case "frozen cnn": FrozenClassifier(try make("cnn")) { $0.hasPrefix("conv1") }
      default: try make(name)
      }
    // Initial values make biases zero and normalizations the identity; here nothing is special.
    for (index, parameter) in (model.parameters + model.buffers).enumerated()
    where parameter.layout != .count && parameter.value.shape.rank == 1 {
      let base: Float =
        parameter.name.hasSuffix("weight") || parameter.name.hasSuffix("var") ? 1 : 0
      parameter.value =
        scrambled(parameter.value.shape, 0.1 * Double(index), 0.2) + Tensor(base)
    }
    return model
  }

  private let images = scrambled([2, 3, 16, 16], 0.4)

  @Test(arguments: networks)
  func separateOperationsEqualFusedOnes(_ name: String) throws {
    let model = try model(name)
    func pass(_ context: (Tape) -> ForwardContext) -> (logits: Tensor, gradients: [Tensor]) {
      let tape = Tape()
      let input = tape.variable(images)
      let logits = model.logits(input, context(tape))
      let targets = [input] + model.parameters.map(tape.variable(for:))
      let scores = logits.score(ofClasses: [1, 4], .logprob)
      return (logits.value, tape.gradients(of: scores, withRespectTo: targets))
    }
    let fused = pass { .evaluation(tape: $0) }
    let separate = pass { .evaluation(tape: $0, isFused: false) }
    let probed = pass { .evaluation(tape: $0, layers: LayerProbe()) }
    for other in [separate, probed] {
      expectClose(other.logits, fused.logits, relative: 1e-6, "logits")
      expectClose(other.gradients[0], fused.gradients[0], relative: 3e-6, "input gradient")
      for (index, parameter) in model.parameters.enumerated() {
        expectClose(
          other.gradients[index + 1], fused.gradients[index + 1], relative: 3e-6, parameter.name)
      }
    }
  }

  /// A fused pass leaves out tokens that nobody reads; what is drawn for the others must stay.
  @Test(arguments: [(0.2, 0), (0, 0.5), (0.2, 0.5)] as [(Float, Float)])
  func drawsTheSameHoweverOperationsAreComputed(_ rates: (dropout: Float, path: Float)) throws {
    var options = ModelOptions()
    (options.width, options.depth, options.heads, options.patchSize) = (24, 3, 3, 4)
    (options.dropout, options.pathDropout) = rates
    let model = try ModelRegistry.make(
      "vit-micro", options, inputSize: ImageSize(channels: 3, height: 16, width: 16),
      classCount: 5, random: RandomKey(seed: 3))
    func pass(_ mode: ForwardContext.Mode, isFused: Bool) -> [Tensor] {
      let tape = Tape()
      let input = tape.variable(images)
      let logits = model.logits(
        input,
        ForwardContext(mode: mode, tape: tape, random: RandomKey(seed: 6), isFused: isFused))
      return [logits.value] + tape.gradients(of: logits, withRespectTo: [input])
    }
    let (fused, separate) = (pass(.training, isFused: true), pass(.training, isFused: false))
    for (one, other) in zip(fused, separate) { expectClose(one, other, relative: 3e-6) }
    #expect(fused[0].scalars != pass(.evaluation, isFused: true)[0].scalars)
  }

  @Test(arguments: networks)
  func separatesEveryOperation(_ name: String) throws {
    let model = try model(name)
    let tape = Tape(keepsValues: true)
    let input = tape.variable(images)
    let logits = model.logits(input, .evaluation(tape: tape, isFused: false))
    var names: Set<String> = []
    _ = tape.gradients(of: logits, withRespectTo: [input]) { step in
      names.insert(step.operation.name)
      return nil
    }
    #expect(names.allSatisfy { !$0.contains(",") && $0 != "attention" }, "\(names.sorted())")
    #expect(name.contains("vit") == names.isSuperset(of: ["linear", "gelu", "softmax"]))
    #expect(name.contains("vit") != names.isSuperset(of: ["convolution", "relu"]))
  }

  private func layers(of name: String) throws -> LayerProbe {
    let probe = LayerProbe()
    _ = try model(name).logits(Variable(images), .evaluation(layers: probe))
    return probe
  }

  @Test func namesLayersAsPyTorchDoes() throws {
    #expect(
      try layers(of: "frozen cnn").layers.map(\.name) == [
        "conv1", "relu1", "conv2", "relu2", "pool",
      ])
    let residual = try layers(of: "resnet18, ImageNet stem").layers.map(\.name)
    #expect(residual.prefix(4) == ["conv1", "bn1", "relu", "maxpool"])
    #expect(
      residual.suffix(7) == [
        "layer4.0", "layer4.1.conv1", "layer4.1.bn1", "layer4.1.conv2", "layer4.1.bn2", "layer4.1",
        "layer4",
      ])
    #expect(try layers(of: "resnet50").layers.map(\.name).contains("layer3.5.conv3"))
    let transformer = try layers(of: "vit").layers.map(\.name)
    #expect(transformer.prefix(2) == ["patch_embed", "pos_drop"])
    #expect(
      transformer.suffix(7) == [
        "blocks.1.norm1", "blocks.1.attn.attn_drop", "blocks.1.attn", "blocks.1.norm2",
        "blocks.1.mlp", "blocks.1", "norm",
      ])
  }

  @Test func knowsWhereTheNumbersLie() throws {
    func shape(_ network: String, _ layer: String) throws -> Shape {
      let layer = try #require(try layers(of: network)[layer])
      return layer.form.images(layer.variable.value).shape
    }
    #expect(try shape("cnn", "conv2") == [2, 64, 12, 12])
    #expect(try shape("resnet50", "layer4") == [2, 2048, 2, 2])
    #expect(try shape("vit", "blocks.0.norm1") == [2, 24, 4, 4])
    #expect(try shape("vit", "patch_embed") == [2, 24, 4, 4])
    #expect(try shape("distilled vit", "norm") == [2, 24, 4, 4])
    #expect(try shape("resized vit", "blocks.1") == [2, 24, 6, 6])
    let weights = try #require(try layers(of: "distilled vit")["blocks.1.attn.attn_drop"])
    #expect(weights.form == .attention(TokenGrid(prefix: 2, rows: 4, columns: 4)))
    #expect(weights.variable.shape == [2, 3, 18, 18])
    expectClose(weights.variable.value.sum(over: [3]), Tensor(repeating: 1, shape: [2, 3, 18, 1]))
    // Channels of the token behind the class token are those of the first pixel.
    let tokens = formula([2 * 17, 3], 0.1)
    let pixels = LayerForm.tokens(TokenGrid(prefix: 1, rows: 4, columns: 4)).images(tokens)
    #expect(pixels.shape == [2, 3, 4, 4])
    #expect(pixels.scalars[16] == tokens.scalars[3 + 1])
    #expect(pixels.scalars[3 * 16] == tokens.scalars[18 * 3])
  }

  @Test func remembersOnlyWhatIsAskedFor() throws {
    let probe = LayerProbe(only: ["layer2"])
    _ = try model("resnet18").logits(Variable(images), .evaluation(layers: probe))
    #expect(probe.layers.map(\.name) == ["layer2"])
  }

  /// One image before the layer and three variants after it give what three images give.
  @Test(
    arguments: [
      ("cnn", "conv1"), ("cnn", "relu2"), ("cnn", "pool"), ("resnet18", "relu"),
      ("resnet18", "layer2.0.bn1"), ("resnet18", "layer4"), ("resnet50", "layer3.1.conv2"),
      ("vit", "patch_embed"), ("vit", "blocks.0.norm1"), ("vit", "blocks.1.attn"),
      ("vit", "blocks.1.norm2"), ("vit", "blocks.1.mlp"), ("resized vit", "blocks.0"),
      ("distilled vit", "norm"),
    ])
  func replacesOneImageByVariants(_ network: String, _ layer: String) throws {
    let model = try model(network)
    func variants(_ value: Tensor, _ factor: (Int) -> Float) -> Tensor {
      .concatenated((0..<3).map { value * factor($0) }, axis: 0)
    }
    let image = images.sliced(axis: 0, 0..<1)
    let factors: [Float] = [1, 0.5, -0.25]
    let one = LayerProbe(replacing: [
      layer: { Variable(variants($0.value) { factors[$0] }) }
    ])
    let found = model.logits(Variable(image), .evaluation(layers: one))
    let three = LayerProbe(replacing: [
      layer: { value in
        let rows = value.shape[0] / 3
        return Variable(
          .concatenated(
            (0..<3).map { value.value.sliced(axis: 0, $0 * rows..<($0 + 1) * rows) * factors[$0] },
            axis: 0))
      }
    ])
    let expected = model.logits(
      Variable(variants(image) { _ in 1 }), .evaluation(layers: three))
    #expect(found.shape == [3, 5])
    expectClose(found.value, expected.value, relative: 2e-6)
    let plain = model.logits(Variable(image), .evaluation()).value
    expectClose(found.value.sliced(axis: 0, 0..<1), plain, relative: 2e-6)
    #expect(one[layer]?.variable.shape == three[layer]?.variable.shape)
  }

  /// What a probe remembers is on the tape, and a replacement can be a new leaf.
  @Test(arguments: [("resnet18", "layer3"), ("vit", "blocks.0.norm1"), ("cnn", "relu2")])
  func differentiatesWithRespectToALayer(_ network: String, _ name: String) throws {
    let model = try model(network)
    let tape = Tape()
    let seen = LayerProbe(only: [name])
    var scores = model.logits(Variable(images), .evaluation(tape: tape, layers: seen))
      .score(ofClasses: [1, 2], .logit)
    let layer = try #require(seen[name]).variable
    let gradient = tape.gradients(of: scores, withRespectTo: [layer])[0]
    #expect(gradient.shape == layer.shape)
    #expect(gradient.scalars.contains { $0 != 0 })

    let other = Tape()
    let leaf = LayerProbe(only: [name], replacing: [name: { other.variable($0.value) }])
    scores = model.logits(Variable(images), .evaluation(tape: nil, layers: leaf))
      .score(ofClasses: [1, 2], .logit)
    let variable = try #require(leaf[name]).variable
    #expect(
      other.gradients(of: scores, withRespectTo: [variable])[0].scalars == gradient.scalars)
  }
}
