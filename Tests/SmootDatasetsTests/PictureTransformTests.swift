import Foundation
import SmootCheckpoints
import SmootDatasets
import SmootTensor
import Testing

/// Each change of a picture against Pillow's and torchvision's, byte for byte where they work on whole numbers.
@Suite struct PictureTransformTests {
  private let file: TensorFile
  private let picture: PixelImage
  private static let size = ImageSize(channels: 3, height: 20, width: 24)

  init() throws {
    file = try TensorFile(
      contentsOf: "\(Bundle.module.bundlePath)/Fixtures/augmentation.safetensors")
    picture = try Self.image(file, "picture")
  }

  private static func image(_ file: TensorFile, _ name: String) throws -> PixelImage {
    let entry = try #require(file.entries[name], "\(name)")
    return [UInt8](entry.data).withUnsafeBufferPointer { bytes in
      bytes.baseAddress.map { PixelImage($0, size) } ?? PixelImage([], size)
    }
  }

  /// Expects the same bytes, but for a share of them.
  private func expectEqual(
    _ found: PixelImage, _ name: String, share: Double = 0, within levels: Int = 0
  ) throws {
    let wanted = try Self.image(file, name)
    let off = zip(found.pixels, wanted.pixels).filter { abs(Int($0) - Int($1)) > levels }.count
    #expect(
      Double(off) <= share * Double(wanted.pixels.count),
      "\(name): \(off) of \(wanted.pixels.count) values differ")
  }

  @Test(arguments: ["0.0", "0.4", "0.73", "1.0", "1.9"])
  func changesColorsAsPillowDoes(_ factor: String) throws {
    let value = try #require(Float(factor))
    let changes: [(String, (inout PixelImage, Float) -> Void)] = [
      ("brightness", { $0.setBrightness($1) }), ("contrast", { $0.setContrast($1) }),
      ("saturation", { $0.setSaturation($1) }),
    ]
    for (name, change) in changes {
      var image = picture
      change(&image, value)
      try expectEqual(image, "\(name).\(factor)")
    }
  }

  @Test(arguments: RandAugment.Transform.allCases, [0, 9, 30])
  func transformsAsTorchvisionDoes(_ transform: RandAugment.Transform, _ magnitude: Int) throws {
    for sign in transform.isSigned ? [1, -1] : [1] {
      var image = picture
      RandAugment(count: 1, magnitude: magnitude).apply(transform, to: &image, sign: Double(sign))
      // Pillow walks along a rotated line in fixed point: a pixel on a border may fall to the other side.
      let share = [.rotate, .shearX, .shearY].contains(transform) ? 0.01 : 0
      try expectEqual(image, "\(transform.rawValue).\(magnitude).\(sign)", share: share)
    }
  }

  /// Pillow rounds between the two passes; here there is no rounding before the end.
  @Test(arguments: [(3, 5, 9, 13), (0, 0, 20, 24), (11, 2, 4, 6)])
  func resizesACrop(_ box: (Int, Int, Int, Int)) throws {
    let image = picture.resizedCrop(
      CropBox(top: box.0, left: box.1, height: box.2, width: box.3))
    try expectEqual(image, "crop.\(box.0).\(box.1).\(box.2).\(box.3)", within: 1)
  }

  @Test func leavesFlatPicturesAlone() throws {
    let flat = PixelImage([UInt8](repeating: 77, count: 3 * Self.size.pixels), Self.size)
    for transform in [RandAugment.Transform.autoContrast, .equalize] {
      var image = flat
      RandAugment(count: 1).apply(transform, to: &image, sign: 1)
      #expect(image == flat, "\(transform)")
    }
  }
}
