import Foundation
import SmootAttribution
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

/// Maps of attention against definitions written out with PyTorch, and on transformers with two special tokens.
@Suite struct AttentionTests {
  @Test(arguments: ["attention-rollout", "attention-relevance"])
  func equalsWrittenOutDefinitions(_ method: String) throws {
    let golden = try GoldenFile(Bundle.module.bundlePath, "perturbation")
    let model = try ExampleNetwork.vit.model()
    for pieceSize in [1, 8] {
      let found = try AttributionRegistry.make(method).attribute(
        ExampleNetwork.vit.images, targets: ExampleNetwork.targets, model: model,
        AttributionContext(pieceSize: pieceSize)
      ).values
      let difference = relativeDifference(found, try golden.tensor("vit.\(method)"))
      report(difference, method, "vit-tiny", against: "written out")
      #expect(difference <= 1e-4)
    }
  }

  /// Equal to the authors' rules written out with PyTorch; one image at a time or both together.
  @Test(arguments: [("plain", false), ("normalized", true)])
  func relevanceOfAttentionEqualsWrittenOutRules(_ title: String, _ isNormalized: Bool) throws {
    let golden = try GoldenFile(Bundle.module.bundlePath, "attention_relevance")
    let expected = try golden.tensor("attention-lrp.\(title)")
    let images = Tensor.concatenated(
      try golden.tensor("phases").scalars.map { scrambled([1, 3, 32, 32], 0.01 * Double($0)) },
      axis: 0)
    // Sums that nearly cancel lose more figures with each block: three blocks, and images for which PyTorch's single precision is near its double one.
    let reference = try ReferenceModel("vit-tiny", depth: 3)
    let method = AttentionLRP(normalizesRows: isNormalized)
    for pieceSize in [1, 8] {
      let found = try method.attribute(
        images, targets: [3, 3], model: reference.model, AttributionContext(pieceSize: pieceSize)
      ).values
      let difference = relativeDifference(found, expected)
      report(difference, "attention-lrp \(title)", "vit-tiny", "3 blocks", against: "written out")
      #expect(difference <= 1e-4)
    }
  }

  @Test func relevanceOfAttentionIsForTransformers() throws {
    let reference = try ReferenceModel("cnn")
    #expect(throws: AttributionError.self) {
      try AttentionLRP().attribute(
        reference.images, targets: reference.targets, model: reference.model, reference.context)
    }
  }

  /// Each row of the rollout adds up to one; what the map lacks belongs to the special tokens.
  @Test(arguments: [false, true])
  func leavesOutSpecialTokens(_ isDistilled: Bool) throws {
    var options = ModelOptions()
    (options.width, options.depth, options.heads, options.patchSize) = (24, 2, 3, 4)
    options.isDistilled = isDistilled
    let model = try ModelRegistry.make(
      "vit-micro", options, inputSize: ImageSize(channels: 3, height: 16, width: 16), classCount: 5,
      random: RandomKey(seed: 3))
    let maps = try AttentionRollout().attribute(
      scrambled([2, 3, 16, 16], 0.1), targets: [0, 1], model: model, AttributionContext()
    ).values
    #expect(maps.shape == [2, 1, 4, 4])
    let sum = maps.sliced(axis: 0, 0..<1).total
    // Nearly uniform attention among n tokens leaves the class token (1/2 + 1/2n) twice, roughly.
    #expect(sum > 0.5 && sum < 0.8 && maps.scalars.allSatisfy { $0 > 0 })
  }
}
