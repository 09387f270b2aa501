import SmootAttribution
import SmootAutodiff
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

/// Signs and scales: what speaks against a class is negative, and each convention brings a map to its own range.
@Suite(.serialized) struct SignTests {
  /// The same network with all logits negated.
  private func negate(_ model: any Classifier) {
    for parameter in model.parameters where parameter.name.hasPrefix("fc2.") {
      parameter.value = -parameter.value
    }
  }

  /// Methods that are linear in the score turn their maps around with it, to the last bit.
  @Test(arguments: [
    "gradient", "input-x-gradient", "smoothgrad", "integrated-gradients", "gradient-shap",
    "deeplift", "deeplift-shap", "grad-cam", "xgrad-cam", "hires-cam", "integrated-grad-cam",
    "occlusion",
  ])
  func turnAroundWithTheScore(_ name: String) throws {
    let description = try #require(
      AttributionRegistry.methods.first { $0.description.name == name }?.description)
    let known = Set(description.options.map(\.name))
    let options = ["samples": "3", "steps": "3", "window": "7", "stride": "7"].filter {
      known.contains($0.key)
    }
    let method = try AttributionRegistry.make(name, MethodOptions(options))
    let reference = try ReferenceModel("cnn")
    func maps() throws -> Attribution {
      try method.attribute(
        reference.images, targets: reference.targets, model: reference.model, reference.context)
    }
    let before = try maps()
    negate(reference.model)
    let after = try maps()
    #expect(after.values.scalars == (-before.values).scalars)
    #expect(before.values.scalars.contains { $0 != 0 })
  }

  /// A rectified map keeps what speaks for the class alone, and a map that has nothing else says so.
  @Test func rectifiesOnlyWhatSpeaksAgainst() throws {
    let values = Tensor([1, 2, 0, 3], shape: [1, 1, 2, 2])
    let model = try ExampleNetwork.cnn.model()
    func map(_ gradient: Float) -> Tensor {
      GradCAM().maps(
        of: LayerPass(
          name: "hand", values: values,
          gradients: Tensor(repeating: gradient, shape: [1, 1, 2, 2]),
          images: .zeros([1, 3, 20, 20]), targets: [0], start: 0, model: model,
          context: AttributionContext()))
    }
    #expect(map(2).scalars == [2, 4, 0, 6] && map(-1).scalars == [-1, -2, 0, -3])
    #expect(Attribution(map(-1)).statuses == [.negativeOnly])
    #expect(Attribution(map(0)).statuses == [.zeroGradient])
    #expect(Saliency.rectified(map(-1)).scalars == [0, 0, 0, 0])
    #expect(Saliency.rectified(map(2)).scalars == map(2).scalars)
  }

  /// A class activation method whose maps are one number everywhere.
  private struct FlatCAM: ClassActivationMethod {
    var common = ClassActivationOptions(layers: ["relu1", "pool"])
    var value: Float = 0

    init(_ value: Float) { self.value = value }

    init(_ options: MethodOptions) throws(AttributionError) {}

    static let description = MethodDescription(
      name: "flat", family: .classActivation, summary: "one number", cost: "1F + 1B")

    func maps(of layer: LayerPass) -> Tensor {
      let shape = layer.values.shape
      return Tensor(repeating: value, shape: [shape[0], 1, shape[2], shape[3]])
    }
  }

  /// Maps of layers are rectified before they are put together; the status is about what they were.
  @Test(arguments: [(Float(-1), MapStatus.negativeOnly), (0, .zeroGradient), (1, .allZero)])
  func saysWhyFusedMapsAreBlank(_ value: Float, _ status: MapStatus) throws {
    let network = ExampleNetwork.cnn
    let fused = try FlatCAM(value).attribute(
      network.images, targets: ExampleNetwork.targets, model: network.model(),
      AttributionContext(pieceSize: 1))
    #expect(fused.values.scalars.allSatisfy { $0 == 0 })
    #expect(fused.statuses == [status, status])
  }

  /// Where everything speaks against the class, nothing is left of the product either.
  @Test func saysWhyGuidedGradCAMIsBlank() throws {
    let network = ExampleNetwork.cnn
    let model = try network.model()
    for parameter in model.parameters where ["fc1.weight", "fc2.weight"].contains(parameter.name) {
      let isLast = parameter.name == "fc2.weight"
      parameter.value = parameter.value.mapped { isLast ? -abs($0) : abs($0) }
    }
    for method in [GradCAM(), GuidedGradCAM()] as [any AttributionMethod] {
      let maps = try method.attribute(
        network.images, targets: ExampleNetwork.targets, model: model, AttributionContext())
      #expect(
        maps.statuses == [.negativeOnly, .negativeOnly], "\(type(of: method).description.name)")
    }
  }

  /// The map -1, 0, 1, 3 in each convention, worked out by hand.
  @Test func bringsMapsToTheRangeOfTheConvention() {
    let map = Tensor([-1, 0, 1, 3], shape: [1, 1, 2, 2])
    func shown(_ convention: NormalizationConvention) -> [Float] {
      Saliency.presented(map, height: 2, width: 2, convention).scalars
    }
    expectClose(shown(.pgc), [0, 0, 1.0 / 3, 1], relative: 1e-6)
    expectClose(shown(.paper), [0, 0, 1.0 / 3, 1], relative: 1e-6)
    // 98 % of the magnitudes' sum 5 is reached at 3; signs stay.
    expectClose(shown(.captum), [-1.0 / 3, 0, 1.0 / 3, 1], relative: 1e-6)
    // Nothing but negative values: a blank map, not the largest negative one brought to 1.
    for convention in [NormalizationConvention.pgc, .paper] {
      #expect(
        Saliency.presented(-map.mapped { abs($0) }, height: 4, width: 4, convention).scalars
          .allSatisfy { $0 == 0 })
    }
    // Larger images: between -1 and 3 the interpolation begins after the negative part is gone.
    let wide = Tensor([-1, 3], shape: [1, 1, 1, 2])
    let enlarged = Saliency.presented(wide, height: 1, width: 4, .paper).scalars
    expectClose(enlarged, [0, 0.25, 0.75, 1], relative: 1e-6)
    let near = Saliency.presented(wide, height: 1, width: 4, .captum).scalars
    expectClose(near, [-1.0 / 3, -1.0 / 3, 1, 1], relative: 1e-6)
  }
}
