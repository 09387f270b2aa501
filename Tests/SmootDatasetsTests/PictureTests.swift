import Foundation
import SmootDatasets
import SmootTensor
import Testing

/// Decoding and resizing against PIL; `Scripts/reference/make_pictures.py` makes the files.
@Suite struct PictureTests {
  private static let folder = Bundle.module.bundlePath + "/Fixtures/pictures"

  /// What PIL made of a picture.
  private struct Golden {
    let width: Int
    let height: Int
    /// Rows of pixels.
    let bytes: [UInt8]

    init(_ name: String) throws {
      let data = [UInt8](try Data(contentsOf: URL(filePath: "\(PictureTests.folder)/\(name)")))
      width = Int(data[0]) | Int(data[1]) << 8
      height = Int(data[2]) | Int(data[3]) << 8
      bytes = Array(data[4...])
    }
  }

  /// The planes of a picture at some extents.
  private func planes(_ name: String, _ size: ImageSize) throws -> [UInt8] {
    var planes = [UInt8](repeating: 0, count: size.channels * size.pixels)
    try planes.withUnsafeMutableBufferPointer { planes in
      let base = try #require(planes.baseAddress)
      try PictureFile.read("\(Self.folder)/\(name)", size: size, into: base)
    }
    return planes
  }

  /// The greatest difference between planes and rows of pixels.
  private func difference(_ planes: [UInt8], _ golden: Golden, channels: Int) -> Int {
    let pixels = golden.width * golden.height
    guard planes.count == golden.bytes.count else { return 256 }
    return (0..<pixels).flatMap { pixel in
      (0..<channels).map { channel in
        abs(Int(planes[channel * pixels + pixel]) - Int(golden.bytes[pixel * channels + channel]))
      }
    }.max() ?? 256
  }

  @Test(arguments: [
    "rgb.png", "grey.png", "palette.png", "palette-transparent.png", "bits.png", "rgba.png",
    "grey-alpha.png", "rgb-transparent.png", "rgb-16.png", "grey-16.png", "rgb-interlaced.png",
    "orientation.png",
  ]) func decodesPNGLikePIL(_ name: String) throws {
    let golden = try Golden(name + ".rgb")
    let size = ImageSize(channels: 3, height: golden.height, width: golden.width)
    #expect(try difference(planes(name, size), golden, channels: 3) == 0)
  }

  @Test(
    arguments: [
      "baseline.jpg", "progressive.jpg", "grey.jpg", "full-chroma.jpg", "cmyk.jpg", "restarts.jpg",
    ] + (1...8).map { "orientation-\($0).jpg" })
  func decodesJPEGLikePIL(_ name: String) throws {
    let golden = try Golden(name + ".rgb")
    let size = ImageSize(channels: 3, height: golden.height, width: golden.width)
    // Versions of libjpeg-turbo may round differently.
    #expect(try difference(planes(name, size), golden, channels: 3) <= 1)
  }

  @Test(arguments: [
    ("wide", 17), ("wide", 32), ("wide", 60), ("wide", 75), ("tall", 16), ("tall", 33),
    ("square", 64), ("square", 20),
  ]) func resizesLikePIL(_ name: String, _ side: Int) throws {
    let colour = try Golden("\(name)-\(side).rgb")
    let size = ImageSize(channels: 3, height: side, width: side)
    #expect(try difference(planes(name + ".png", size), colour, channels: 3) <= 1)
    let grey = try Golden("\(name)-\(side).grey")
    let one = ImageSize(channels: 1, height: side, width: side)
    #expect(try difference(planes(name + ".png", one), grey, channels: 1) <= 1)
  }

  @Test func coversRectangles() throws {
    // 97 x 60 pixels: the width decides for the first, the height for the second.
    for (height, width) in [(10, 40), (40, 10)] {
      let size = ImageSize(channels: 3, height: height, width: width)
      let planes = try planes("wide.png", size)
      // Green rises from the first row to the last, as in the middle part of the original.
      let green = planes[size.pixels..<2 * size.pixels]
      let (top, bottom) = (Int(green[green.startIndex]), Int(green[green.endIndex - 1]))
      let expected = height == 10 ? (85, 170) : (0, 255)
      #expect(abs(top - expected.0) < 12 && abs(bottom - expected.1) < 12, "\(top) \(bottom)")
    }
  }

  @Test func readsInputsForNetworks() throws {
    let normalization = Normalization.imageNet(channels: 3)
    let size = ImageSize(channels: 3, height: 31, width: 45)
    let names = ["rgb.png", "README", "palette.png"]
    let result = PictureReader(size: size, normalization: normalization).read(
      names.map { "\(Self.folder)/\($0)" })
    #expect(result.places == [0, 2])
    #expect(result.images.shape == [2, 3, 31, 45])
    #expect(result.bad.map(\.index) == [1])
    let expected = try planes("rgb.png", size).enumerated().map { place, value in
      let channel = place / size.pixels
      return (Float(value) / 255 - normalization.mean[channel])
        / normalization.standardDeviation[channel]
    }
    #expect(Array(result.images.scalars.prefix(expected.count)) == expected)
    #expect(try PictureReader.files([Self.folder]).count == 29)
  }
}
