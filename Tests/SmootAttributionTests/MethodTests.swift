import SmootAttribution
import SmootAutodiff
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

/// Pieces, seeds, refusals, controls and statuses of the methods.
@Suite(.serialized) struct MethodTests {
  private static let stochastic = ["smoothgrad", "smoothgrad-squared", "vargrad", "gradient-shap"]

  private func attribution(
    _ name: String, _ options: [String: String] = [:], _ reference: ReferenceModel,
    _ change: (inout AttributionContext) -> Void = { _ in }
  ) throws -> Attribution {
    var context = reference.context
    change(&context)
    let method = try AttributionRegistry.make(name, MethodOptions(options))
    return try method.attribute(
      reference.images, targets: reference.targets, model: reference.model, context)
  }

  @Test(
    arguments: ["cnn", "resnet18", "vit-tiny"].map { ($0, ConvolutionAlgorithm.direct) }
      + [("resnet18", .winograd)])
  func givesTheSameBitsForPiecesOfAnySize(
    _ name: String, by algorithm: ConvolutionAlgorithm
  ) throws {
    let reference = try ReferenceModel(name)
    let model = reference.model.convolving(by: algorithm)
    // The other families have such a test of their own.
    let families: [MethodDescription.Family] = [.gradient, .propagation, .control]
    let suited = AttributionRegistry.methods.map { $0.description }.filter {
      families.contains($0.family) && (name != "vit-tiny" || $0.suits.contains(.transformer))
    }
    for description in suited {
      let known = Set(description.options.map(\.name))
      let options = ["samples": "3", "steps": "3"].filter { known.contains($0.key) }
      let method = try AttributionRegistry.make(description.name, MethodOptions(options))
      var results: [[Float]] = []
      for size in [1, 4, 32] {
        var context = reference.context
        context.pieceSize = size
        let maps = try method.attribute(
          reference.images, targets: reference.targets, model: model, context)
        results.append(maps.values.scalars)
      }
      #expect(results[0] == results[1] && results[1] == results[2], "\(description.name)")
    }
  }

  @Test(arguments: stochastic + ["random"])
  func drawsByTheNumberOfTheImageAndTheSeed(_ name: String) throws {
    let reference = try ReferenceModel("cnn")
    let both = try attribution(name, [:], reference) { $0.indices = [7, 12] }.values
    let method = try AttributionRegistry.make(name)
    var context = reference.context
    context.indices = [12]
    let image = reference.images.sliced(axis: 0, 1..<2)
    func alone() throws -> [Float] {
      try method.attribute(image, targets: [1], model: reference.model, context).values.scalars
    }
    #expect(try alone() == both.sliced(axis: 0, 1..<2).scalars)
    context.seed = 1
    #expect(try alone() != both.sliced(axis: 0, 1..<2).scalars)
  }

  @Test func smoothsAnyMethod() throws {
    let reference = try ReferenceModel("cnn")
    let options = ["method": "lrp", "method.composite": "epsilon", "samples": "2", "noise": "0"]
    let smoothed = try attribution("smoothgrad", options, reference).values
    expectClose(
      smoothed, try attribution("lrp", ["composite": "epsilon"], reference).values, relative: 1e-5)
    let squared = try attribution("smoothgrad-squared", ["samples": "2", "noise": "0"], reference)
    let gradient = try attribution("gradient", [:], reference).values
    expectClose(squared.values, gradient * gradient, relative: 1e-6)
    let magnitudes = try attribution(
      "smoothgrad", ["method.absolute": "true", "samples": "1", "noise": "0"], reference)
    #expect(magnitudes.values.scalars == gradient.mapped { abs($0) }.scalars)
  }

  @Test func refusesWhatHasNoMeaning() throws {
    let reference = try ReferenceModel("vit-tiny")
    func refusal(_ name: String) -> String {
      do {
        _ = try attribution(name, [:], reference)
        return "none"
      } catch { return "\(error)" }
    }
    #expect(
      refusal("guided-backprop")
        == "guided-backprop has no rule for gelu in blocks.11.mlp: it is defined for networks whose activations are ReLUs"
    )
    #expect(refusal("deconvnet").hasPrefix("deconvnet has no rule for gelu in blocks.11.mlp: "))
    #expect(refusal("deeplift").hasPrefix("deeplift has no rule for layer norm in norm: "))
    #expect(
      refusal("deeplift-shap").hasPrefix("deeplift-shap has no rule for layer norm in norm: "))
    #expect(refusal("lrp").hasPrefix("lrp has no rule for layer norm in norm: "))
  }

  @Test func refusesWhatItCannotUse() throws {
    let reference = try ReferenceModel("cnn")
    func refusal(
      _ name: String, _ options: [String: String] = [:],
      _ change: (inout AttributionContext) -> Void = { _ in }
    ) -> String {
      do {
        _ = try attribution(name, options, reference, change)
        return "none"
      } catch { return "\(error)" }
    }
    #expect(
      refusal("lrp") { $0.score = .prob } == "lrp explains logits, not the score \"prob\"")
    #expect(
      refusal("gradient-shap") { $0.references = nil }
        == "gradient-shap needs reference images to compare with, and none are given")
    #expect(
      refusal("deeplift-shap") { $0.references = FrozenTensor(.zeros([2, 3, 28, 28])) }
        .contains("does not fit images of shape [2, 1, 28, 28]"))
    #expect(
      refusal("lrp", ["composite": "epsilon-gamma-box"]) { $0.pixelRange = nil }
        .contains("the box rule needs the values of black and white"))
    #expect(refusal("lrp", ["first": "flatt"]).hasPrefix("first is \"flatt\", expected one of "))
    for layers in [",", "pool,", "pool, pool"] {
      #expect(refusal("grad-cam", ["layers": layers]).contains("names of layers such as a,b"))
    }
    #expect(refusal("smoothgrad", ["method": "gradeint"]).contains("did you mean \"gradient\"?"))
    #expect(
      refusal("smoothgrad", ["method.absolut": "true"]).contains("did you mean \"absolute\"?"))
  }

  @Test func differentiatesTheChosenScore() throws {
    let reference = try ReferenceModel("resnet18")
    for score in ScoreKind.allCases {
      let expected = InputGradient(score: score)(
        reference.images, labels: reference.targets, model: reference.model)
      let found = try attribution("gradient", [:], reference) { $0.score = score }
      expectClose(found.values, expected.gradients, relative: 1e-6)
    }
  }

  @Test func saysWhenTheScoreIsSaturated() throws {
    let reference = try ReferenceModel("cnn")
    for parameter in reference.model.parameters where parameter.name == "fc2.bias" {
      var values = parameter.value.scalars
      values[3] = 100
      parameter.value = Tensor(values, shape: parameter.value.shape)
    }
    func statuses(_ score: ScoreKind) throws -> [MapStatus] {
      try attribution("gradient", [:], reference) { $0.score = score }.statuses
    }
    #expect(try statuses(.logit) == [.ok, .ok])
    #expect(try statuses(.prob) == [.saturated, .saturated])
    #expect(try statuses(.logprob) == [.saturated, .ok])
  }

  @Test func edgesAreSobels() throws {
    // A step of height 2 between the columns 1 and 2, the mean of two channels.
    let rows = [Float](repeatElement([0, 0, 1, 1], count: 3).joined())
    let images = Tensor(rows + rows.map { 3 * $0 }, shape: [1, 2, 3, 4])
    let model = ReferenceModelStub()
    let map = try EdgeMap().attribute(images, targets: [0], model: model, AttributionContext())
    #expect(map.values.shape == [1, 1, 3, 4])
    #expect(map.values.scalars == [Float](repeatElement([0, 8, 8, 0], count: 3).joined()))
    #expect(map.statuses == [.ok])
  }

  private struct ReferenceModelStub: Classifier {
    let inputSize = ImageSize(channels: 2, height: 3, width: 4)
    let classCount = 1
    var parameters: [Parameter] { [] }
    func features(_ images: Variable, _ context: ForwardContext) -> Variable { images }
    func logits(features: Variable, _ context: ForwardContext) -> Variable {
      features.sum(over: [1, 2, 3]).reshaped(to: [features.shape[0], 1])
    }
  }

  @Test func fillsWithTheNormalNumbersOfTheKey() {
    let key = RandomKey(seed: 3).derived("noise")
    var found = [Float](repeating: 0, count: 7)
    key.forEachNormal(7) { found[$0] = $1 }
    #expect(found == (0..<7).map { key.normal(at: UInt64($0)) })
  }
}
