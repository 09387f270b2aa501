import Foundation
import SmootAttribution
import SmootAutodiff
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

/// Class activation maps against pytorch-grad-cam and Captum, hand-worked cases and exact identities.
@Suite(.serialized) struct ClassActivationTests {
  static let methods = [
    "grad-cam", "grad-cam++", "xgrad-cam", "hires-cam", "layer-cam", "eigen-cam", "score-cam",
    "ablation-cam",
  ]
  static let layers: [(ExampleNetwork, String)] = [
    (.cnn, "relu1"), (.cnn, "relu2"), (.cnn, "pool"), (.resnet18, "layer2"),
    (.resnet18, "layer4"), (.vit, "blocks.11.norm1"), (.vit, "blocks.11.norm2"),
  ]

  private func maps(
    _ method: String, _ network: ExampleNetwork, _ options: [String: String] = [:],
    images: Int = 2, model: (any Classifier)? = nil,
    _ context: AttributionContext = AttributionContext(pieceSize: 64)
  ) throws -> Tensor {
    // XGrad-CAM divides by the sums of maps, which nearly cancel behind a normalization; least in these images (see DeepClassActivationTests for others).
    let cancels = method == "xgrad-cam" && network == .vit
    let all = cancels ? scrambled(network.images.shape, 2.25) : network.images
    return try AttributionRegistry.make(method, MethodOptions(options)).attribute(
      all.sliced(axis: 0, 0..<images),
      targets: Array(ExampleNetwork.targets.prefix(images)), model: try model ?? network.model(),
      context
    ).values
  }

  @Test(arguments: layers)
  func equalsPytorchGradCAM(_ network: ExampleNetwork, _ layer: String) throws {
    let golden = try GoldenFile(Bundle.module.bundlePath, "class_activation")
    let model = try network.model()
    for method in Self.methods {
      guard let expected = try? golden.tensor("\(network).\(layer).\(method)") else { continue }
      let found = try maps(
        method, network, ["layers": layer, "convention": "pgc"], images: expected.shape[0],
        model: model)
      var difference = relativeDifference(found, expected)
      if method == "eigen-cam" {
        // LAPACK chooses the signs.
        let separate = (0..<expected.shape[0]).map { image in
          let (a, b) = (
            found.sliced(axis: 0, image..<image + 1), expected.sliced(axis: 0, image..<image + 1)
          )
          return min(relativeDifference(a, b), relativeDifference(-a, b))
        }
        difference = separate.max() ?? .infinity
      }
      report(difference, method, network.name, layer, against: "pytorch-grad-cam")
      #expect(difference <= 1e-4, "\(network) \(layer) \(method): \(difference)")
      guard let final = try? golden.tensor("\(network).\(layer).\(method).final") else { continue }
      let shown = Saliency.presented(
        found, height: network.images.shape[2], width: network.images.shape[3], .pgc)
      let shownDifference = relativeDifference(shown, final)
      report(
        shownDifference, method + " as shown", network.name, layer, against: "pytorch-grad-cam")
      #expect(shownDifference <= 1e-4, "\(network) \(layer) \(method), shown: \(shownDifference)")
    }
  }

  @Test(arguments: ["grad-cam", "layer-cam"])
  func equalsPytorchGradCAMOnSeveralLayers(_ method: String) throws {
    let golden = try GoldenFile(Bundle.module.bundlePath, "class_activation")
    let found = try maps(
      method, .resnet18, ["layers": "layer2,layer3,layer4", "fusion": "mean"])
    let difference = relativeDifference(
      Saliency.normalized(found, .pgc), try golden.tensor("resnet18.mean.\(method)"))
    report(difference, method, "resnet18", "layer2,layer3,layer4", against: "pytorch-grad-cam")
    #expect(difference <= 1e-4)
  }

  @Test(arguments: [(ExampleNetwork.cnn, "relu2"), (.resnet18, "layer3")])
  func equalsCaptum(_ network: ExampleNetwork, _ layer: String) throws {
    let golden = try GoldenFile(Bundle.module.bundlePath, "class_activation")
    let found = try maps("grad-cam", network, ["layers": layer, "convention": "captum"])
    let difference = relativeDifference(found, try golden.tensor("captum.\(network).\(layer)"))
    report(difference, "grad-cam", network.name, layer, against: "Captum")
    #expect(difference <= 1e-4)
  }

  @Test func takesOneLayerAsCaptumDoes() {
    #expect(throws: AttributionError.self) {
      try maps("grad-cam", .resnet18, ["layers": "layer3,layer4", "convention": "captum"])
    }
  }

  @Test(arguments: ["group-cam", "smooth-grad-cam++", "integrated-grad-cam"])
  func equalsWrittenOutDefinitions(_ method: String) throws {
    let golden = try GoldenFile(Bundle.module.bundlePath, "perturbation")
    let images = ExampleNetwork.cnn.images
    let model = try ExampleNetwork.cnn.model()
    let layer = ClassActivationOptions(layers: ["relu2"])
    var cases: [(String, any AttributionMethod)] = []
    switch method {
    case "group-cam": cases = [("group-cam", GroupCAM(layer, groups: 8))]
    case "integrated-grad-cam":
      cases = IntegratedGradCAM.Difference.allCases.map {
        (
          "integrated-grad-cam.\($0)",
          IntegratedGradCAM(layer, steps: 7, difference: $0, black: -0.5)
        )
      }
    default:
      let neurons: [SmoothGradCAMPlusPlus.Neuron] = [
        .init(map: 7, row: 2, column: 2), .init(map: 14, row: 8, column: 15),
        .init(map: 33, row: 1, column: 3),
      ]
      let subsets: [(String, SmoothGradCAMPlusPlus.Subset)] = [
        ("layer", .layer), ("maps", .maps([2, 5, 33])), ("neurons", .neurons(neurons)),
      ]
      for (name, subset) in subsets {
        for numerator in SmoothGradCAMPlusPlus.Numerator.allCases {
          var smooth = SmoothGradCAMPlusPlus(layer, numerator: numerator, subset: subset)
          smooth.noise = (0..<5).map { scrambled(images.shape, 0.3 * Double($0), 0.2) }
          cases.append(("smooth.\(name).\(numerator.rawValue)", smooth))
        }
      }
    }
    for (name, method) in cases {
      let found = try method.attribute(
        images, targets: ExampleNetwork.targets, model: model, AttributionContext(pieceSize: 3)
      ).values
      let difference = relativeDifference(found, try golden.tensor(name))
      report(difference, name, "cnn", "relu2", against: "written out")
      #expect(difference <= 1e-4, "\(name): \(difference)")
    }
  }

  /// A mean over all cells and a linear layer behind the maps: each cell's gradient is the map's weight.
  @Test func agreesWhereAMeanFollows() throws {
    let images = ExampleNetwork.resnet18.images
    let model = try ExampleNetwork.resnet18.model()
    func maps(_ method: any AttributionMethod) throws -> Tensor {
      try method.attribute(
        images, targets: ExampleNetwork.targets, model: model, AttributionContext()
      ).values
    }
    let plain = try maps(GradCAM())
    #expect(plain.shape == [2, 1, 4, 4])
    // Maps whose cells are all zero have no weight in XGrad-CAM, and add nothing in any method.
    for convention in [NormalizationConvention.pgc, .paper] {
      #expect(
        relativeDifference(try maps(XGradCAM(.init(convention: convention))), plain) < 2e-6)
    }
    #expect(relativeDifference(try maps(HiResCAM()), plain) < 2e-6)
    // The sum over the cells is the score without the bias, divided by the number of cells, times that number.
    let probe = TargetLayer.all(of: model)
    #expect(probe.last?.name == "layer4" && probe.last?.channels == 512)
    #expect(try TargetLayer.usual(of: model) == "layer4")
    let logits = model.logits(Variable(images), .evaluation()).value
    let bias = try #require(model.parameters.first { $0.name == "fc.bias" }).value
    for (image, target) in ExampleNetwork.targets.enumerated() {
      let sum = plain.sliced(axis: 0, image..<image + 1).total
      let expected = Double(logits.scalars[image * 10 + Int(target)] - bias.scalars[Int(target)])
      #expect(abs(sum - expected) < 1e-4 * max(1, abs(expected)))
    }
    // Behind the layer everything is linear: without a map the score loses the sum of its cells' gradients times values.
    let tape = Tape()
    let seen = LayerProbe(replacing: ["layer4.1": { tape.variable($0.value) }])
    let scores = model.logits(Variable(images), .evaluation(layers: seen)).score(
      ofClasses: ExampleNetwork.targets, .logit)
    let layer = try #require(seen["layer4"])
    let values = layer.form.images(layer.variable.value)
    let gradients = layer.form.images(
      tape.gradients(of: scores, withRespectTo: [layer.variable])[0])
    let lost = (values * gradients).sum(over: [2, 3]) / scores.value.reshaped(to: [2, 1, 1, 1])
    let expected = (values * lost).sum(over: [1])
    for convention in [NormalizationConvention.pgc, .paper] {
      // Scores minus scores lose digits.
      let found = try maps(AblationCAM(.init(convention: convention)))
      #expect(relativeDifference(found, expected) < 5e-5)
    }
  }

  /// Two maps worked out by hand: the weights of each method on a network without anything but a linear layer.
  @Test func equalsHandWorkedCases() throws {
    let values = Tensor([1, 2, 0, 1, 0, 0, 0, 0], shape: [1, 2, 2, 2])
    let gradients = Tensor([1, -1, 2, 2, 3, 3, 3, 3], shape: [1, 2, 2, 2])
    let model = PaperCNN(
      inputSize: ImageSize(channels: 1, height: 6, width: 6), classCount: 2,
      random: RandomKey(seed: 1))
    let layer = LayerPass(
      name: "hand", values: values, gradients: gradients, images: .zeros([1, 1, 6, 6]),
      targets: [0], start: 0, model: model, context: AttributionContext())
    func close(_ map: Tensor, _ expected: [Float]) {
      expectClose(map.scalars, expected, relative: 1e-6)
    }
    close(GradCAM().maps(of: layer), [1, 2, 0, 1])
    // Shares 1/4, 2/4, 0, 1/4 of the gradients 1, -1, 2, 2.
    close(XGradCAM(.init(convention: .paper)).maps(of: layer), [0.25, 0.5, 0, 0.25])
    close(HiResCAM().maps(of: layer), [1, -2, 0, 2])
    close(LayerCAM().maps(of: layer), [1, 0, 0, 2])
    // g^3 / (2 g^2 + 4 g^3): 1/6 for 1 and 8 / (8 + 32) = 1/5 for 2; the negative one counts nothing.
    let weight: Float = 1 / 6 + 2 / 5
    close(
      GradCAMPlusPlus(.init(convention: .paper)).maps(of: layer), [weight, 2 * weight, 0, weight])
    // One map that is not constant: its values, centred.
    close(EigenCAM().maps(of: layer), [0, 1, -1, 0])
    close(EigenCAM(.init(convention: .paper)).maps(of: layer), [1, 2, 0, 1])
  }

  @Test func fusesLayers() {
    let small = Tensor([-1, 0, 1, 2], shape: [1, 1, 2, 2])
    let flat = Tensor([3, 3, 3, 3], shape: [1, 1, 2, 2])
    let mean = ClassActivationOptions().fused([small, flat], height: 2, width: 2)
    expectClose(mean.scalars, [0, 0, 0.25, 0.5], relative: 1e-6)
    let large = Tensor((0..<16).map { Float($0) / 15 }, shape: [1, 1, 4, 4])
    let maximum = ClassActivationOptions(fusion: .maximum).fused(
      [large, flat], height: 4, width: 4)
    // tanh(2) and tanh(2 / 15).
    #expect(abs((maximum.scalars.last ?? 0) - 0.9640276) < 1e-6)
    #expect(abs(maximum.scalars[1] - 0.1325488) < 1e-6)
    #expect(ClassActivationOptions().fused([small], height: 9, width: 9).scalars == [-1, 0, 1, 2])
    let both = ClassActivationOptions(fusion: .maximum, strength: 0).fused(
      [large, small], height: 4, width: 4)
    #expect(both.shape == [1, 1, 4, 4] && both.scalars.last == 1)
  }

  /// The same bits for pieces of any size.
  @Test(
    arguments: [
      ("grad-cam", [:]), ("score-cam", ["layers": "pool"]), ("ablation-cam", ["layers": "relu1"]),
      ("group-cam", [:]), ("smooth-grad-cam++", ["samples": "5"]),
      ("integrated-grad-cam", ["steps": "5"]),
    ])
  func doesNotDependOnPieces(_ method: String, _ options: [String: String]) throws {
    let small = try maps(method, .cnn, options, AttributionContext(seed: 3, pieceSize: 1))
    for size in [3, 64] {
      let large = try maps(method, .cnn, options, AttributionContext(seed: 3, pieceSize: size))
      #expect(large.scalars == small.scalars, "\(method), pieces of \(size)")
    }
  }

  @Test func explainsEachImageByItsNumber() throws {
    let model = try ExampleNetwork.cnn.model()
    let images = ExampleNetwork.cnn.images
    let method = SmoothGradCAMPlusPlus(samples: 3)
    let both = try method.attribute(
      images, targets: [3, 1], model: model, AttributionContext(indices: [7, 9])
    ).values
    let second = try method.attribute(
      images.sliced(axis: 0, 1..<2), targets: [1], model: model, AttributionContext(indices: [9])
    ).values
    #expect(both.sliced(axis: 0, 1..<2).scalars == second.scalars)
  }

  @Test func saysWhatIsWrong() throws {
    func message(_ method: String, _ network: ExampleNetwork, _ options: [String: String]) -> String
    {
      do {
        _ = try maps(method, network, options)
        return "nothing"
      } catch { return "\(error)" }
    }
    #expect(
      message("grad-cam", .cnn, ["layers": "relu3"]).hasPrefix(
        "there is no layer \"relu3\" (did you mean \"relu1\"?)"))
    #expect(
      message("grad-cam", .vit, ["layers": "blocks.0.attn.attn_drop"]).hasPrefix(
        "there is no layer"))
    #expect(message("smooth-grad-cam++", .cnn, ["maps": "64"]).contains("maps from 0 to 63"))
    #expect(message("smooth-grad-cam++", .cnn, ["neurons": "1:2"]).contains("map:row:column"))
    #expect(message("attention-rollout", .cnn, [:]).contains("choose a vision transformer"))
    #expect(try TargetLayer.usual(of: ExampleNetwork.vit.model()) == "blocks.11.norm1")
    #expect(try TargetLayer.usual(of: ExampleNetwork.cnn.model()) == "pool")
  }
}
