import CZlib
import Foundation

/// Puts together PNG and JPEG files, also such as no program would write.
enum PictureMaker {
  /// A PNG chunk with its check sum.
  static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + data
    return number(data.count) + body + number(Int(crc32(0, body, UInt32(body.count))))
  }

  /// Four bytes, the greatest first.
  static func number(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  static func header(
    _ width: Int, _ height: Int, depth: UInt8 = 8, colour: UInt8 = 2, compression: UInt8 = 0,
    filter: UInt8 = 0, interlace: UInt8 = 0
  ) -> [UInt8] {
    chunk(
      "IHDR", number(width) + number(height) + [depth, colour, compression, filter, interlace])
  }

  static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]
  static let end = chunk("IEND", [])

  /// The bytes as zlib compresses them.
  static func deflated(_ bytes: [UInt8]) -> [UInt8] {
    var count = compressBound(UInt(bytes.count))
    var result = [UInt8](repeating: 0, count: Int(count))
    compress(&result, &count, bytes, UInt(bytes.count))
    return Array(result.prefix(Int(count)))
  }

  /// Rows of RGB pixels, each with its filter.
  static func rows(_ width: Int, _ height: Int, filter: UInt8 = 0) -> [UInt8] {
    (0..<height).flatMap { row in
      [filter] + (0..<3 * width).map { UInt8(truncatingIfNeeded: $0 * 7 + row * 13) }
    }
  }

  /// A PNG file of some chunks; without `pixels`, those of 4 x 3 pixels.
  static func png(
    _ header: [UInt8] = header(4, 3), _ extra: [[UInt8]] = [], pixels: [UInt8]? = nil,
    after: [[UInt8]] = [end]
  ) -> [UInt8] {
    let data = chunk("IDAT", pixels ?? deflated(rows(4, 3)))
    return signature + header + extra.flatMap(\.self) + data + after.flatMap(\.self)
  }

  /// Where the segments of a JPEG file begin, up to the first scan, by their markers.
  static func segments(_ jpeg: [UInt8]) -> [(marker: UInt8, range: Range<Int>)] {
    var found: [(marker: UInt8, range: Range<Int>)] = []
    var offset = 2
    while offset + 4 <= jpeg.count, jpeg[offset] == 0xff {
      let end = offset + 2 + Int(jpeg[offset + 2]) << 8 + Int(jpeg[offset + 3])
      found.append((jpeg[offset + 1], offset..<end))
      if jpeg[offset + 1] == 0xda { break }
      offset = end
    }
    return found
  }
}
