import Foundation
import SmootAttribution
import SmootAutodiff
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

/// Maps made of a layer and guided backpropagation or relevance: against Captum, pytorch-grad-cam and written-out definitions, and exact identities.
@Suite(.serialized) struct RelevanceMapTests {
  private static let layers = [
    "cnn": ["relu1", "relu2", "pool"], "resnet18": ["layer1", "layer2", "layer3", "layer4"],
    "resnet50": ["layer2", "layer4"],
  ]

  private func attribution(
    _ method: String, _ reference: ReferenceModel, _ options: [String: String],
    _ change: (inout AttributionContext) -> Void = { _ in }
  ) throws -> Attribution {
    var context = reference.context
    change(&context)
    return try AttributionRegistry.make(method, MethodOptions(options)).attribute(
      reference.images, targets: reference.targets, model: reference.model, context)
  }

  private func expectNear(
    _ found: Tensor, _ expected: Tensor, _ method: String, _ network: String, _ layer: String,
    against library: String
  ) {
    let difference = relativeDifference(found, expected)
    report(difference, method, network, layer, against: library)
    #expect(difference <= 1e-4, "\(method), \(network) \(layer): \(difference)")
  }

  @Test(arguments: layers.keys.sorted())
  func guidedGradCAMEqualsCaptumAndPytorchGradCAM(_ name: String) throws {
    let golden = try GoldenFile(Bundle.module.bundlePath, "relevance_maps")
    let reference = try ReferenceModel(name)
    let layer = try #require(Self.layers[name]?.dropLast().last)
    for convention in NormalizationConvention.allCases {
      guard
        let expected = try? golden.tensor("guided.\(name).\(layer).\(convention.rawValue)")
      else { continue }
      let values = try attribution(
        "guided-grad-cam", reference, ["layers": layer, "convention": convention.rawValue]
      ).values
      #expect(values.shape == reference.images.shape)
      expectNear(
        values.sampled(every: reference.stride), expected.reshaped(to: [1, expected.count]),
        "guided-grad-cam \(convention.rawValue)", name, layer,
        against: convention == .pgc ? "pytorch-grad-cam" : "Captum")
      #expect(try #require(expected.scalars.last) > 0)
    }
  }

  @Test(arguments: layers.keys.sorted())
  func relevanceEqualsWrittenOutDefinitions(_ name: String) throws {
    let golden = try GoldenFile(Bundle.module.bundlePath, "relevance_maps")
    let reference = try ReferenceModel(name)
    var count = 0
    func compare(_ method: String, _ layer: String, _ title: String, _ options: [String: String])
      throws
    {
      guard let expected = try? golden.tensor(title) else { return }
      count += 1
      let found = try attribution(
        method, reference, options.merging(["layers": layer]) { $1 }
      ).values
      #expect(found.count == expected.count)
      let words = [method] + options.map { "\($0.key)=\($0.value)" }.sorted()
      expectNear(
        found, expected, words.joined(separator: " "), name, layer, against: "written out")
    }
    for layer in try #require(Self.layers[name]) {
      for start in RelevanceStart.allCases {
        try compare(
          "relevance-cam", layer, "relevance.\(name).\(layer).\(start.rawValue)",
          ["start": start.rawValue])
      }
      try compare(
        "relevance-cam", layer, "relevance.\(name).\(layer).lrp-rule=epsilon",
        ["lrp-rule": "epsilon"])
      try compare("shallow-relevance-cam", layer, "shallow.\(name).\(layer)", [:])
      for (option, value) in [
        ("weight", "element"), ("spatial", "lrp"), ("mask-norm", "max"), ("source", "adjacent"),
      ] {
        try compare(
          "shallow-relevance-cam", layer, "shallow.\(name).\(layer).\(option)=\(value)",
          [option: value])
      }
    }
    #expect(count == ["cnn": 16, "resnet18": 23, "resnet50": 4][name], "\(count)")
  }

  /// With gradients replaced by one the shallow relevance CAM is Relevance-CAM, with weights replaced by one it is LayerCAM: to the last bit.
  @Test(arguments: layers.keys.sorted())
  func shallowRelevanceCAMReducesToBoth(_ name: String) throws {
    let reference = try ReferenceModel(name)
    for layer in try #require(Self.layers[name]) {
      func maps(_ method: String, _ options: [String: String]) throws -> Tensor {
        try attribution(method, reference, options.merging(["layers": layer]) { $1 }).values
      }
      let relevance = try maps("relevance-cam", [:])
      #expect(
        try maps("shallow-relevance-cam", ["spatial": "none"]).scalars == relevance.scalars)
      let layerCAM = try maps("layer-cam", [:])
      let reduced = try maps("shallow-relevance-cam", ["weight": "none"])
      // One pass computes each operation by itself, the other joins some.
      #expect(relativeDifference(reduced, layerCAM) <= 1e-6)
      #expect(relativeDifference(relevance, layerCAM) > 1e-2)
    }
  }

  /// No relevance is lost on the way to any layer, biases or not.
  @Test(arguments: layers.keys.sorted())
  func relevanceOfLayersIsConserved(_ name: String) throws {
    let reference = try ReferenceModel(name)
    let pass = RecordedPass(
      reference.images, reference.model, keepsValues: true, layers: LayerProbe())
    let layers = try #require(pass.layers).layers
    let chosen = try #require(Self.layers[name]).map { name in
      try #require(layers.first { $0.name == name }).variable
    }
    let start = pass.seed(reference.targets) { _, logit in logit }
    let rules = LRP.Rules(convolution: .zPlusWithoutBias, linear: .zPlusWithoutBias)
    let found = try RelevancePropagation(rules)(pass, start: start, to: chosen)
    let logits = start.sum(over: [1]).scalars
    for (relevance, variable) in zip(found, chosen) {
      let sums = relevance.sum(over: [1, 2, 3]).scalars
      for (sum, logit) in zip(sums, logits) {
        #expect(abs(sum - logit) < 1e-4 * abs(logit), "\(name) \(variable.shape): \(sum), \(logit)")
      }
    }
  }

  @Test func startsWhereItSays() throws {
    let reference = try ReferenceModel("cnn")
    func maps(_ options: [String: String]) throws -> Tensor {
      try attribution("relevance-cam", reference, options.merging(["layers": "relu2"]) { $1 })
        .values
    }
    // Relevance is linear in where it begins: the logit times what 1 gives.
    let logits = reference.model.logits(Variable(reference.images), .evaluation()).value.scalars
    let factors = Tensor(
      reference.targets.enumerated().map { logits[$0.offset * 10 + Int($0.element)] },
      shape: [2, 1, 1, 1])
    expectClose(
      try maps(["start": "logit"]), try maps(["start": "one-hot"]) * factors, relative: 1e-5)
    #expect(throws: AttributionError.self) { try maps(["lrp-rule": "box"]) }
    #expect(throws: AttributionError.self) {
      try attribution("relevance-cam", reference, [:]) { $0.score = .prob }
    }
  }

  /// A linear layer behind one map of two cells, worked out by hand.
  @Test func equalsHandWorkedCase() throws {
    struct Head: Classifier {
      let inputSize = ImageSize(channels: 1, height: 1, width: 2)
      let classCount = 2
      let weight = Parameter(name: "w", value: Tensor([1, 3, 2, -1], shape: [2, 2]))
      var parameters: [Parameter] { [weight] }
      func features(_ images: Variable, _ context: ForwardContext) -> Variable {
        context.layer("input", images.channelsLast)
      }
      func logits(features: Variable, _ context: ForwardContext) -> Variable {
        features.reshaped(to: [features.shape[0], 2])
          .linear(context.variable(weight), bias: Variable(Tensor([5, 7], shape: [2])))
      }
    }
    func map(_ method: any ClassActivationMethod) throws -> [Float] {
      try method.attribute(
        Tensor([2, 1], shape: [1, 1, 1, 2]), targets: [0], model: Head(), AttributionContext()
      ).values.scalars
    }
    let layer = ClassActivationOptions(layers: ["input"])
    // Class 0 shares its 1 out as 2 : 3; class 1 gives its -1/2 to the first cell alone.
    let weight: Float = (0.4 - 0.5 + 0.6) / 2
    expectClose(try map(RelevanceCAM(layer)), [2 * weight, weight], relative: 1e-5)
    // Gradients 1 and 3: masks 2 and 3.
    var shallow = ShallowRelevanceCAM(layer)
    expectClose(try map(shallow), [2 * weight, 3 * weight], relative: 1e-5)
    shallow.maskScale = .maximum
    expectClose(try map(shallow), [2.0 / 3 * weight, weight], relative: 1e-5)
    shallow.maskScale = .none
    shallow.weight = .element
    expectClose(try map(shallow), [2 * (0.4 - 0.5), 3 * 0.6], relative: 1e-5)
    (shallow.weight, shallow.spatial) = (.channel, .relevance)
    expectClose(try map(shallow), [0, 0.6 * weight], relative: 1e-5)
  }

  @Test(arguments: ["relevance-cam", "shallow-relevance-cam", "guided-grad-cam"])
  func givesTheSameBitsForPiecesOfAnySize(_ method: String) throws {
    let reference = try ReferenceModel("resnet18")
    let results = try [1, 2, 32].map { size in
      try attribution(method, reference, ["layers": "layer2,layer3"]) { $0.pieceSize = size }
        .values.scalars
    }
    #expect(results[0] == results[1] && results[1] == results[2])
  }

  @Test func refusesTransformers() throws {
    let reference = try ReferenceModel("vit-tiny")
    func refusal(_ method: String) -> String {
      do {
        _ = try attribution(method, reference, [:])
        return "none"
      } catch { return "\(error)" }
    }
    #expect(refusal("relevance-cam").hasPrefix("relevance-cam has no rule for layer norm in norm"))
    #expect(refusal("shallow-relevance-cam").contains("has no rule for layer norm"))
    #expect(refusal("guided-grad-cam").contains("has no rule for gelu"))
  }
}
