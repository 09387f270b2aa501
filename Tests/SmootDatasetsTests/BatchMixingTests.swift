import SmootDatasets
import SmootTensor
import Testing

/// Mixup and CutMix against their definitions.
@Suite struct BatchMixingTests {
  /// Five images of one value each: 0, 1, 2, 3, 4.
  private let batch = LabeledBatch(
    images: Tensor(
      (0..<5).flatMap { [Float](repeating: Float($0), count: 64) }, shape: [5, 1, 8, 8]),
    labels: [10, 11, 12, 13, 14], indices: [3, 1, 4, 0, 2])

  private func mixed(_ mixing: BatchMixing, _ seed: UInt64) throws -> (LabeledBatch, Float) {
    let result = mixing(batch, key: RandomKey(seed: seed))
    let mixture = try #require(result.mixture)
    #expect(result.labels == batch.labels && result.indices == batch.indices)
    #expect(mixture.labels == [14, 13, 12, 11, 10])
    #expect((0.5...1).contains(mixture.share))
    return (result, mixture.share)
  }

  @Test func mixupAddsPairs() throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      let (result, share) = try mixed(BatchMixing(mixup: 0.8), seed)
      for image in 0..<5 {
        let wanted = share * Float(image) + (1 - share) * Float(4 - image)
        let values = result.images.scalars[64 * image..<64 * (image + 1)]
        #expect(values.allSatisfy { abs($0 - wanted) < 1e-5 })
      }
    }
  }

  @Test func cutMixPutsInARectangle() throws {
    var shares: Set<Float> = []
    for seed in 1...40 as ClosedRange<UInt64> {
      let (result, share) = try mixed(BatchMixing(cutmix: 1), seed)
      shares.insert(share)
      let first = Array(result.images.scalars[0..<64])
      #expect(first.allSatisfy { $0 == 0 || $0 == 4 })
      let foreign = first.indices.filter { first[$0] == 4 }
      #expect(1 - Float(foreign.count) / 64 == share)
      if let upper = foreign.first, let lower = foreign.last {
        let rows = upper / 8...lower / 8
        let columns = upper % 8...lower % 8
        #expect(foreign.count == rows.count * columns.count, "the foreign part is a rectangle")
      }
    }
    #expect(shares.count > 5)
  }

  @Test func takesBothWaysAndDependsOnTheKeyAlone() throws {
    let both = BatchMixing(mixup: 0.8, cutmix: 1)
    var cuts = 0
    for seed in 1...60 as ClosedRange<UInt64> {
      let (result, _) = try mixed(both, seed)
      let (again, _) = try mixed(both, seed)
      #expect(result.images.scalars == again.images.scalars)
      if result.images.scalars[0..<64].allSatisfy({ $0 == 0 || $0 == 4 }) { cuts += 1 }
    }
    #expect((15...45).contains(cuts))
    #expect(BatchMixing()(batch, key: RandomKey(seed: 1)).mixture == nil)
  }

  /// The larger of a beta variable and its complement: uniform in [0.5, 1] for a parameter of 1, near 1 for a small one.
  @Test(arguments: [(1.0, 0.75), (0.2, 0.899), (8.0, 0.598)])
  func drawsSharesFromTheBetaDistribution(_ parameter: Double, _ mean: Double) throws {
    var sum = 0.0
    for seed in 1...2000 as ClosedRange<UInt64> {
      let (_, share) = try mixed(BatchMixing(mixup: parameter), seed)
      sum += Double(share)
    }
    #expect(abs(sum / 2000 - mean) < 0.012, "mean share \(sum / 2000)")
  }
}
