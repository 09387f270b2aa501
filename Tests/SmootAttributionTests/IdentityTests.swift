import SmootAttribution
import SmootAutodiff
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

/// What must hold exactly, whatever the reference says.
@Suite(.serialized) struct IdentityTests {
  private func logits(_ reference: ReferenceModel, _ images: Tensor) -> [Float] {
    let logits = reference.model.logits(Variable(images), .evaluation()).value
    return reference.targets.enumerated().map {
      logits.scalars[$0.offset * logits.shape[1] + Int($0.element)]
    }
  }

  private func sums(_ maps: Tensor) -> [Float] { maps.sum(over: [1, 2, 3]).scalars }

  private func attribution(
    _ method: any AttributionMethod, _ reference: ReferenceModel
  ) throws -> Attribution {
    try method.attribute(
      reference.images, targets: reference.targets, model: reference.model, reference.context)
  }

  @Test(arguments: ["cnn", "resnet18", "resnet50"])
  func deepLIFTIsComplete(_ name: String) throws {
    let reference = try ReferenceModel(name)
    let zeros = Tensor.zeros(reference.images.shape)
    let own = logits(reference, reference.images)
    for (method, base) in [
      (DeepLIFT(), zeros),
      (DeepLIFT(baseline: reference.baseline), reference.references.sliced(axis: 0, 0..<2)),
    ] {
      let result = try attribution(method, reference)
      let expected = zip(own, logits(reference, base)).map { $0 - $1 }
      expectClose(sums(result.values), expected, relative: 1e-4, name)
      let deltas = try #require(result.deltas)
      #expect(deltas.allSatisfy { abs($0) < 1e-4 * abs(expected[0]) }, "\(deltas)")
    }
    let mean = (0..<3).map { index in
      let image = reference.references.sliced(axis: 0, index..<index + 1)
      return logits(reference, .concatenated([image, image], axis: 0))
    }
    let expected = (0..<2).map { image -> Float in
      let total = mean.reduce(Float(0)) { $0 + $1[image] }
      return own[image] - total / 3
    }
    let result = try attribution(DeepLIFTSHAP(), reference)
    expectClose(sums(result.values), expected, relative: 1e-4, name)
  }

  /// Deep convolutional networks have kinks on the way; the transformer is smooth.
  @Test(arguments: [("cnn", 200, Float(0.01)), ("vit-tiny", 50, 1e-3)])
  func integratedGradientsAreComplete(_ name: String, _ steps: Int, _ tolerance: Float) throws {
    let reference = try ReferenceModel(name)
    let result = try attribution(IntegratedGradients(steps: steps), reference)
    let expected = zip(
      logits(reference, reference.images),
      logits(reference, Tensor.zeros(reference.images.shape))
    ).map { $0 - $1 }
    expectClose(sums(result.values), expected, relative: tolerance, name)
    let deltas = try #require(result.deltas)
    for (delta, (sum, expected)) in zip(deltas, zip(sums(result.values), expected)) {
      #expect(abs(delta - (sum - expected)) < 1e-5 * abs(expected), "\(delta)")
    }
  }

  /// Without biases every rule that shares out all of the relevance keeps the logit.
  @Test(arguments: ["cnn", "resnet18", "resnet50"])
  func relevanceIsConserved(_ name: String) throws {
    let reference = try ReferenceModel(name)
    for parameter in reference.model.parameters + reference.model.buffers
    where parameter.name.hasSuffix("bias") || parameter.name.hasSuffix("running_mean") {
      parameter.value = .zeros(parameter.value.shape)
    }
    let expected = logits(reference, reference.images)
    for composite in LRP.Composite.allCases {
      let result = try attribution(LRP(composite.rules()), reference)
      // Outputs with nothing positive, or nothing negative, below them leave some relevance behind with alpha 2 and beta 1.
      let hasBeta = composite == .epsilonAlpha2Beta1 || composite == .epsilonAlpha2Beta1Flat
      let magnitudes = sums(result.values.mapped { abs($0) })
      let deltas = try #require(result.deltas)
      for (image, sum) in sums(result.values).enumerated() {
        let missing = abs(sum - expected[image]) / magnitudes[image]
        #expect(missing < (hasBeta ? 0.02 : 1e-4), "\(composite): \(missing)")
        #expect(abs(deltas[image] - (sum - expected[image])) < 1e-5 * magnitudes[image])
      }
    }
  }

  /// alpha 1, beta 0 is z-plus; gamma goes from epsilon to z-plus; without biases epsilon is input x gradient on the paper CNN.
  @Test func rulesMeetWhereTheyMust() throws {
    let reference = try ReferenceModel("cnn")
    func relevance(_ rule: RelevanceRule, _ linear: RelevanceRule = .epsilon(1e-6)) throws
      -> Tensor
    {
      try attribution(LRP(LRP.Rules(convolution: rule, linear: linear)), reference).values
    }
    #expect(
      try relevance(.alphaBeta(alpha: 1, beta: 0)).scalars == relevance(.zPlus).scalars)
    expectClose(try relevance(.gamma(0)), try relevance(.epsilon(1e-6)), relative: 1e-4)
    expectClose(try relevance(.gamma(1e6)), try relevance(.zPlus), relative: 1e-3)
    for parameter in reference.model.parameters where parameter.name.hasSuffix("bias") {
      parameter.value = .zeros(parameter.value.shape)
    }
    expectClose(
      try relevance(.epsilon(0), .epsilon(0)),
      try attribution(InputTimesGradient(), reference).values, relative: 1e-4)
  }

  /// On a hand-worked layer: inputs 1 and -2, weights 3 and 1, and the flat, w-square, box, alpha-beta and gamma rules.
  @Test func rulesShareOutAsWritten() throws {
    struct Layer: Classifier {
      let inputSize = ImageSize(channels: 1, height: 1, width: 2)
      let classCount = 1
      let weight = Parameter(name: "w", value: Tensor([3, 1], shape: [1, 2]))
      var parameters: [Parameter] { [weight] }
      func features(_ images: Variable, _ context: ForwardContext) -> Variable { images }
      func logits(features: Variable, _ context: ForwardContext) -> Variable {
        features.reshaped(to: [features.shape[0], 2])
          .linear(context.variable(weight), bias: Variable(Tensor.zeros([1])))
      }
    }
    let context = AttributionContext(pixelRange: PixelRange(low: [-3], high: [2]))
    func shares(_ rule: RelevanceRule) throws -> [Float] {
      var rules = LRP.Rules(convolution: rule, linear: rule)
      rules.stabilizer = 0
      let image = Tensor([1, -2], shape: [1, 1, 1, 2])
      return try LRP(rules).attribute(image, targets: [0], model: Layer(), context).values.scalars
    }
    // The logit is 3 - 2 = 1.
    expectClose(try shares(.epsilon(0)), [3, -2])
    expectClose(try shares(.epsilon(1)), [1.5, -1])
    expectClose(try shares(.flat), [0.5, 0.5])
    expectClose(try shares(.wSquare), [0.9, 0.1])
    expectClose(try shares(.zPlus), [1, 0])
    expectClose(try shares(.alphaBeta(alpha: 2, beta: 1)), [2, -1])
    // Pixels are 4 and 1 above black: 3 x 4 and 1 x 1.
    expectClose(try shares(.box), [12.0 / 13, 1.0 / 13])
    expectClose(try shares(.gamma(1)), [6.0 / 4, -2.0 / 4])
    expectClose(try shares(.captumGamma(1)), [6.0 / 2, -4.0 / 2])
  }

  @Test func quadraturesIntegrate() throws {
    // The network is x^3, whose derivative 3 x^2 two Gauss points integrate exactly.
    struct Cube: Classifier {
      let inputSize = ImageSize(channels: 1, height: 1, width: 1)
      let classCount = 1
      var parameters: [Parameter] { [] }
      func features(_ images: Variable, _ context: ForwardContext) -> Variable { images }
      func logits(features: Variable, _ context: ForwardContext) -> Variable {
        (features * features * features).reshaped(to: [features.shape[0], 1])
      }
    }
    func integral(_ quadrature: PathQuadrature, _ steps: Int) throws -> Float {
      try IntegratedGradients(steps: steps, quadrature: quadrature).attribute(
        Tensor([2], shape: [1, 1, 1, 1]), targets: [0], model: Cube(), AttributionContext()
      ).values.scalar
    }
    expectClose([try integral(.gaussLegendre, 2), try integral(.gaussLegendre, 50)], [8, 8])
    // With n = 4 the places are 0, 1/4, ...; 1/4, ...; 1/8, ...; and 0, 1/3, 2/3, 1.
    expectClose([try integral(.left, 4)], [24 * (1 + 4 + 9) / 16 / 4])
    expectClose([try integral(.right, 4)], [24 * (1 + 4 + 9 + 16) / 16 / 4])
    expectClose([try integral(.middle, 4)], [24 * (1 + 9 + 25 + 49) / 64 / 4])
    expectClose([try integral(.trapezoid, 4)], [24 * (1 + 4 + 4.5) / 9 / 4])
  }
}
