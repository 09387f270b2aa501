import SmootAttribution
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

/// Grad-CAM through an attention head.
@Suite struct DropkeyGradCAMTests {
  private let images = scrambled([3, 1, 20, 20], 0.5)
  private let targets: [Int32] = [3, 1, 2]

  private func model(_ kind: FeatureHead.Kind) throws -> any Classifier {
    var options = ModelOptions()
    (options.head, options.readout) = (kind, .mean)
    return try ModelRegistry.make(
      "cnn", options, inputSize: ImageSize(channels: 1, height: 20, width: 20), classCount: 5,
      random: RandomKey(seed: 4))
  }

  private func maps(
    _ method: DropkeyGradCAM, seed: UInt64 = 0, indices: [Int]? = nil, pieceSize: Int = 32,
    of chosen: [Int] = [0, 1, 2], _ kind: FeatureHead.Kind = .dropkey
  ) throws -> [Float] {
    let context = AttributionContext(seed: seed, indices: indices, pieceSize: pieceSize)
    let batch = Tensor.concatenated(
      chosen.map { images.sliced(axis: 0, $0..<$0 + 1) }, axis: 0)
    return try method.attribute(
      batch, targets: chosen.map { targets[$0] }, model: model(kind), context
    ).values.scalars
  }

  private func method(
    _ masks: DropkeyGradCAM.Masks, samples: Int = 16,
    _ statistic: DropkeyGradCAM.Statistic = .mean
  ) -> DropkeyGradCAM {
    DropkeyGradCAM(masks: masks, samples: samples, statistic: statistic)
  }

  @Test func isGradCAMWithoutMasks() throws {
    let plain = try GradCAM().attribute(
      images, targets: targets, model: model(.dropkey), AttributionContext())
    #expect(plain.values.shape == [3, 1, 8, 8])
    #expect(try maps(method(.off)) == plain.values.scalars)
    #expect(try maps(method(.single)) != plain.values.scalars)
  }

  @Test(arguments: [FeatureHead.Kind.dropkey, .dropout])
  func dependsOnSeedIndexAndSampleAlone(_ kind: FeatureHead.Kind) throws {
    let whole = try maps(method(.average, samples: 5), indices: [7, 8, 9], kind)
    #expect(try maps(method(.average, samples: 5), seed: 1, indices: [7, 8, 9], kind) != whole)
    #expect(try maps(method(.average, samples: 5), indices: [7, 8, 10], kind) != whole)
    for size in [1, 2, 4] {
      let pieces = try maps(
        method(.average, samples: 5), indices: [7, 8, 9], pieceSize: size, kind)
      expectClose(pieces, whole, relative: 1e-5, "pieces of \(size)")
    }
    let last = try maps(method(.average, samples: 5), indices: [9, 7], of: [2, 0], kind)
    expectClose(Array(last[0..<64]), Array(whole[128..<192]), relative: 1e-5)
    expectClose(Array(last[64..<128]), Array(whole[0..<64]), relative: 1e-5)
  }

  @Test func averagesDraws() throws {
    let first = try maps(method(.single))
    #expect(try maps(method(.average, samples: 1)) == first)
    let two = try maps(method(.average, samples: 2))
    // Of two draws a and b, each is |a - b| / 2 from the mean.
    let deviation = try maps(method(.average, samples: 2, .deviation))
    expectClose(deviation, zip(first, two).map { abs($0 - $1) }, relative: 1e-3)
    #expect((deviation.max() ?? 0) > 0)
  }

  @Test func refusesNetworksWithoutAttention() throws {
    let network = try model(.linear)
    let error = #expect(throws: AttributionError.self) {
      try method(.off).attribute(images, targets: targets, model: network, AttributionContext())
    }
    #expect(error?.description.contains("--head dropkey") == true)
  }

  @Test func readsOptions() throws {
    let options = ["masks": "average", "samples": "4", "statistic": "deviation"]
    let found = try #require(
      try AttributionRegistry.make("dropkey-grad-cam", MethodOptions(options)) as? DropkeyGradCAM)
    #expect(found.masks == .average && found.samples == 4 && found.statistic == .deviation)
    #expect(throws: AttributionError.self) {
      try AttributionRegistry.make("dropkey-grad-cam", MethodOptions(["masks": "on"]))
    }
  }
}
