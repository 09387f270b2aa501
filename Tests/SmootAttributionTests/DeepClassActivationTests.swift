import Foundation
import SmootAttribution
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

/// The class activation family on ResNet-50 against pytorch-grad-cam, and where single precision has no figures left.
@Suite(.serialized) struct DeepClassActivationTests {
  private func golden() throws -> GoldenFile {
    try GoldenFile(Bundle.module.bundlePath, "class_activation_deep")
  }

  @Test(arguments: ["layer1", "layer2", "layer3", "layer4"])
  func equalsPytorchGradCAM(_ layer: String) throws {
    let golden = try golden()
    let reference = try ReferenceModel("resnet50")
    for method in ClassActivationTests.methods {
      guard let expected = try? golden.tensor("resnet50.\(layer).\(method)") else { continue }
      let count = expected.shape[0]
      let found = try AttributionRegistry.make(
        method, MethodOptions(["layers": layer, "convention": "pgc"])
      ).attribute(
        reference.images.sliced(axis: 0, 0..<count),
        targets: Array(reference.targets.prefix(count)), model: reference.model,
        AttributionContext(pieceSize: 64)
      ).values
      // LAPACK chooses the sign of a component.
      let differences = (0..<count).map { image in
        let (a, b) = (
          found.sliced(axis: 0, image..<image + 1), expected.sliced(axis: 0, image..<image + 1)
        )
        let difference = relativeDifference(a, b)
        return method == "eigen-cam" ? min(difference, relativeDifference(-a, b)) : difference
      }
      let difference = differences.max() ?? .infinity
      report(difference, method, "resnet50", layer, against: "pytorch-grad-cam")
      #expect(difference <= 1e-4, "\(layer) \(method): \(difference)")
      guard let final = try? golden.tensor("resnet50.\(layer).\(method).final") else { continue }
      let size = reference.model.inputSize
      let shown = relativeDifference(
        Saliency.presented(found, height: size.height, width: size.width, .pgc)
          .sampled(every: reference.stride), final.reshaped(to: [1, final.count]))
      report(shown, "\(method) as shown", "resnet50", layer, against: "pytorch-grad-cam")
      #expect(shown <= 1e-4, "\(layer) \(method), shown: \(shown)")
    }
  }

  @Test func equalsCaptum() throws {
    let reference = try ReferenceModel("resnet50")
    let found = try AttributionRegistry.make(
      "grad-cam", MethodOptions(["layers": "layer3", "convention": "captum"])
    ).attribute(
      reference.images, targets: reference.targets, model: reference.model, AttributionContext()
    ).values
    let difference = relativeDifference(found, try golden().tensor("captum.resnet50.layer3"))
    report(difference, "grad-cam", "resnet50", "layer3", against: "Captum")
    #expect(difference <= 1e-4)
  }

  /// From a layer's values and gradients, rounded once, the map is the reference's.
  ///
  /// A normalized layer has maps whose sum is a 229th of the sum of their magnitudes, so that XGrad-CAM's weights magnify the rounding of the network 229 times.
  @Test func xGradCAMMagnifiesTheRoundingOfTheNetworkOnly() throws {
    let golden = try golden()
    let values = try golden.tensor("xgrad.values")
    let gradients = try golden.tensor("xgrad.gradients")
    let layer = LayerPass(
      name: "blocks.11.norm1", values: values, gradients: gradients,
      images: .zeros([1, 3, 32, 32]), targets: [3], start: 0, model: try ExampleNetwork.vit.model(),
      context: AttributionContext())
    let found = XGradCAM(ClassActivationOptions(convention: .pgc)).maps(of: layer)
    let difference = relativeDifference(found, try golden.tensor("xgrad.map"))
    report(
      difference, "xgrad-cam of the reference's values", "vit-tiny", "blocks.11.norm1",
      against: "pytorch-grad-cam")
    #expect(difference <= 2e-6)
    let condition = values.eachMapCondition.max() ?? 0
    #expect((200..<260).contains(condition), "\(condition)")
  }
}

extension Tensor {
  /// For each feature map the sum of its magnitudes over the magnitude of its sum.
  fileprivate var eachMapCondition: [Float] {
    let magnitudes = mapped { abs($0) }.sum(over: [2, 3]).scalars
    return zip(magnitudes, sum(over: [2, 3]).scalars).map { $0 / abs($1) }
  }
}
