import SmootMasking
import SmootTensor
import Testing

@Suite struct MaskFillTests {
  // Two channels of four pixels.
  private let images = Tensor([0, 1, 2, 9, 10, 20, 30, 40], shape: [1, 2, 2, 2])
  private let noise = Tensor([0.5, 0, 0, 0.25, 0.5, 0, 0, 1], shape: [1, 2, 2, 2])
  private let mask = FeatureMask(batch: 1, elements: 4) { _, element in element == 0 || element == 3
  }

  private func fill(_ kind: MaskFill.Kind, _ range: MaskFill.Range) -> [Float] {
    MaskFill(kind: kind, range: range, constant: -7)(
      images, mask, key: RandomKey(seed: 1), noise: kind == .uniform ? noise : nil
    ).scalars
  }

  @Test func drawsFromTheRemainingPixelsOfEachChannel() {
    #expect(fill(.uniform, .remaining) == [1.5, 1, 2, 1.25, 25, 20, 30, 30])
  }

  @Test func drawsFromTheWholeImage() {
    #expect(fill(.uniform, .image) == [4.5, 1, 2, 2.25, 25, 20, 30, 40])
    #expect(fill(.uniform, .batch) == [4.5, 1, 2, 2.25, 25, 20, 30, 40])
  }

  @Test func fillsWithMeansAndConstants() {
    #expect(fill(.mean, .remaining) == [1.5, 1, 2, 1.5, 25, 20, 30, 25])
    #expect(fill(.mean, .image) == [3, 1, 2, 3, 25, 20, 30, 25])
    #expect(fill(.constant, .remaining) == [-7, 1, 2, -7, -7, 20, 30, -7])
  }

  @Test func fallsBackToTheImageWhenEverythingIsMasked() {
    let all = FeatureMask(batch: 1, elements: 4) { _, _ in true }
    let filled = MaskFill()(images, all, key: RandomKey(seed: 1), noise: noise).scalars
    #expect(filled == [4.5, 0, 0, 2.25, 25, 10, 10, 40])
  }

  @Test func masksSingleValues() {
    let values = FeatureMask(batch: 1, elements: 8) { _, element in element == 4 }
    let filled = MaskFill(kind: .constant, constant: 5)(images, values, key: RandomKey(seed: 1))
    #expect(filled.scalars == [0, 1, 2, 9, 5, 20, 30, 40])
  }

  @Test func drawsTheSameNumbersAgainWithinTheRange() {
    let key = RandomKey(seed: 3)
    let first = MaskFill()(images, mask, key: key).scalars
    #expect(first == MaskFill()(images, mask, key: key).scalars)
    #expect(first != MaskFill()(images, mask, key: key.derived(1)).scalars)
    #expect((1...2).contains(first[0]) && (20...30).contains(first[4]))
    #expect(first[0] == 1 + key.uniform(at: 0))
    #expect(first[7] == 20 + 10 * key.uniform(at: 7))
    let normal = MaskFill(kind: .noise)(images, mask, key: key).scalars
    #expect(normal[0] == 1.5 + 0.5 * key.normal(at: 0))
  }
}
