import SmootDatasets
import SmootEvaluation
import SmootTensor
import Testing

/// Pictures whose patches are where they are said to be.
@Suite struct PastedPatchesTests {
  /// Class c consists of images of one value, 50 c + 10 in the first channel and 50 c + 30 in the second.
  private func source(classes: Int = 3) -> ImageDataset {
    let size = ImageSize(channels: 2, height: 8, width: 6)
    let labels = (0..<30).map { $0 % classes }
    return ImageDataset(
      name: "plain", split: "test", size: size, classNames: (0..<classes).map { "c\($0)" },
      normalization: Normalization(mean: [0.3, 0.5], standardDeviation: [0.2, 0.1]),
      pixels: labels.flatMap { label in
        [UInt8](repeating: UInt8(50 * label + 10), count: 48)
          + [UInt8](repeating: UInt8(50 * label + 30), count: 48)
      }, labels: labels)
  }

  /// The pixel values of one picture.
  private func bytes(_ dataset: ImageDataset, _ place: Int) -> [Int] {
    dataset.batch([place]).images.scalars.enumerated().map { index, value in
      let channel = index / dataset.size.pixels
      return Int((dataset.normalization.pixel(value, channel: channel) * 255).rounded())
    }
  }

  @Test(arguments: PastedPatches.Patch.allCases)
  func pastesTheClassOnAnother(_ patch: PastedPatches.Patch) throws {
    var options = PastedPatches.Options()
    options.patch = patch
    let source = source()
    let wanted = Array(stride(from: 29, through: 0, by: -1))
    let pictures = try PastedPatches(source, options: options).pictures(wanted)
    #expect(pictures.dataset.labels == wanted.map { Int32($0 % 3) })
    #expect(Set(pictures.patches).count > 10)
    let objects = pictures.objects(Array(0..<30)).scalars
    for place in 0..<30 {
      let rectangle = pictures.patches[place]
      #expect(rectangle.height == 4 && rectangle.width == 3)
      #expect((0...4).contains(rectangle.top) && (0...3).contains(rectangle.left))
      let label = wanted[place] % 3
      let values = bytes(pictures.dataset, place)
      let wrong = (0..<48).filter { pixel in
        let isInside = rectangle.contains(row: pixel / 6, column: pixel % 6)
        return objects[place * 48 + pixel] != (isInside ? 1 : 0)
          || (values[pixel] == 50 * label + 10) != isInside
          || (values[48 + pixel] == 50 * label + 30) != isInside
      }
      #expect(wrong.isEmpty, "picture \(place)")
    }
  }

  @Test func makesThePictureOfAnImageWhateverTheOthers() throws {
    var options = PastedPatches.Options()
    for background in PastedPatches.Background.allCases {
      options.background = background
      let patches = try PastedPatches(source(), options: options)
      let all = try patches.pictures(Array(0..<30))
      let few = try patches.pictures([17, 4])
      #expect(few.patches == [all.patches[17], all.patches[4]])
      #expect(bytes(few.dataset, 0) == bytes(all.dataset, 17))
      #expect(bytes(few.dataset, 1) == bytes(all.dataset, 4))
    }
    options.seed = 2
    let other = try PastedPatches(source(), options: options).pictures(Array(0..<30))
    options.seed = 1
    #expect(
      try PastedPatches(source(), options: options).pictures(Array(0..<30)).patches != other.patches
    )
  }

  /// Every image of another class can be a background, none of the same class.
  @Test func drawsBackgroundsFromAllOtherClasses() throws {
    let pictures = try PastedPatches(source()).pictures((0..<10).map { 3 * $0 })
    let values = Set(
      (0..<10).map { place in
        let rectangle = pictures.patches[place]
        let outside = (0..<48).first { !rectangle.contains(row: $0 / 6, column: $0 % 6) } ?? 0
        return bytes(pictures.dataset, place)[outside]
      })
    #expect(values == [60, 110])
  }

  @Test func refusesWhatCannotBe() {
    #expect(throws: MeasureError.self) { try PastedPatches(source(classes: 1)) }
    var options = PastedPatches.Options()
    options.side = 0.01
    #expect(throws: MeasureError.self) { try PastedPatches(source(), options: options) }
    options.side = 1.5
    #expect(throws: MeasureError.self) { try PastedPatches(source(), options: options) }
  }
}
