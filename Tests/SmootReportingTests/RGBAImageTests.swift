import Foundation
import SmootReporting
import Testing

@Suite struct RGBAImageTests {
  /// A picture in which every channel varies.
  private func sample(width: Int = 37, height: Int = 23, opaque: Bool) -> RGBAImage {
    var image = RGBAImage(width: width, height: height)
    for y in 0..<height {
      for x in 0..<width {
        image[x, y] = RGBAColor(
          red: UInt8(x * 7 % 256), green: UInt8(y * 11 % 256), blue: UInt8((x * y) % 256),
          alpha: opaque ? 255 : UInt8((x * 5 + y * 3) % 256))
      }
    }
    return image
  }

  @Test(arguments: [true, false]) func pngRoundTripKeepsEveryPixel(opaque: Bool) throws {
    let image = sample(opaque: opaque)
    let data = try image.pngData()
    #expect(Array(data.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    // Colour type: 2 is RGB, 6 is RGB with alpha.
    #expect(data[25] == (opaque ? 2 : 6))
    #expect(try RGBAImage(pngData: data) == image)
  }

  @Test func incompressiblePicturesFit() throws {
    var state: UInt64 = 1
    let bytes = (0..<64 * 64 * 4).map { _ -> UInt8 in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 33)
    }
    let image = RGBAImage(width: 64, height: 64, bytes: bytes)
    #expect(try RGBAImage(pngData: image.pngData()) == image)
  }

  @Test func damagedFilesAreBadData() throws {
    let data = try sample(opaque: true).pngData()
    for broken in [Data("not a picture".utf8), data.prefix(60), Data()] {
      let error = #expect(throws: ReportingError.self) {
        try RGBAImage(pngData: broken, name: "broken.png")
      }
      #expect(error?.exitCode == 65)
      #expect(error?.description.hasPrefix("broken.png: ") == true)
    }
  }

  @Test func planesBecomeColours() {
    let gray = RGBAImage(planes: [0, 0.5, 1, 2], channels: 1, height: 2, width: 2)
    #expect(gray[0, 0] == .black)
    #expect(gray[1, 0] == RGBAColor(gray: 128))
    #expect(gray[0, 1] == .white)
    #expect(gray[1, 1] == .white)
    let color = RGBAImage(planes: [-1, 0, 1], channels: 3, height: 1, width: 1, range: -1...1)
    #expect(color[0, 0] == RGBAColor(red: 0, green: 128, blue: 255))
    #expect(RGBAImage(planes: [.nan], channels: 1, height: 1, width: 1)[0, 0] == .black)
  }

  @Test func enlargingRepeatsAndReducingAverages() {
    var image = RGBAImage(width: 2, height: 1, fill: .black)
    image[1, 0] = .white
    let large = image.enlarged(3)
    #expect(large.width == 6 && large.height == 3)
    for y in 0..<3 {
      for x in 0..<6 { #expect(large[x, y] == (x < 3 ? .black : .white)) }
    }
    #expect(image.resized(width: 1, height: 1)[0, 0] == RGBAColor(gray: 128))
  }

  @Test func coloursBlend() {
    let half = RGBAColor.black.opacity(0.5)
    #expect(half.alpha == 128)
    #expect(half.over(.white) == RGBAColor(gray: 127))
    #expect(half.over(.clear) == half)
    #expect(RGBAColor(hex: 0x0072B2) == RGBAColor(red: 0, green: 0x72, blue: 0xB2))
  }
}
