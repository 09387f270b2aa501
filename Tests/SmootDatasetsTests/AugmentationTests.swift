import SmootDatasets
import SmootTensor
import Testing

/// Crops and mirror images: each result is one of those that the definition allows, and all of those occur.
@Suite struct AugmentationTests {
  /// One image of 2 x 3 pixels in two channels, 60 times.
  private let dataset = ImageDataset(
    name: "tiny", split: "train", size: ImageSize(channels: 2, height: 2, width: 3),
    classNames: ["only"], normalization: Normalization(mean: [0, 0], standardDeviation: [1, 1]),
    pixels: (0..<60).flatMap { _ in (1...12).map { UInt8($0) } },
    labels: [UInt8](repeating: 0, count: 60))

  /// The pixel values of the image moved and mirrored.
  private func expected(down: Int, right: Int, isMirrored: Bool) -> [Int] {
    (0..<2).flatMap { channel in
      (0..<2).flatMap { row in
        (0..<3).map { column in
          let (r, c) = (row + down, (isMirrored ? 2 - column : column) + right)
          return (0..<2).contains(r) && (0..<3).contains(c) ? 1 + channel * 6 + r * 3 + c : 0
        }
      }
    }
  }

  private func images(_ augmentation: Augmentation, _ key: RandomKey) -> [[Int]] {
    let values = dataset.batch(Array(0..<60), augmentation: augmentation, key: key).images.scalars
    return (0..<60).map { image in
      values[image * 12..<(image + 1) * 12].map { Int(($0 * 255).rounded()) }
    }
  }

  @Test func givesWhatTheDefinitionAllows() {
    let allowed = (-1...1).flatMap { down in
      (-1...1).flatMap { right in
        [false, true].map { expected(down: down, right: right, isMirrored: $0) }
      }
    }
    let found = images(Augmentation(cropPadding: 1, flips: true), RandomKey(seed: 1))
    #expect(found.allSatisfy(allowed.contains))
    #expect(Set(found).count >= 16)
    let mirrored = Set(images(Augmentation(flips: true), RandomKey(seed: 1)))
    #expect(mirrored == [allowed[8], allowed[9]])
    #expect(Set(images(Augmentation(), RandomKey(seed: 1))) == [Array(1...12)])
  }

  @Test func dependsOnTheKeyAndTheImageAlone() {
    let augmentation = Augmentation(cropPadding: 1, flips: true)
    let (first, second) = (RandomKey(seed: 1).derived(0), RandomKey(seed: 1).derived(1))
    #expect(images(augmentation, first) == images(augmentation, first))
    #expect(images(augmentation, first) != images(augmentation, second))
    let some = dataset.batch([7, 3], augmentation: augmentation, key: first).images.scalars
    let all = images(augmentation, first)
    #expect(some.map { Int(($0 * 255).rounded()) } == all[7] + all[3])
  }
}
