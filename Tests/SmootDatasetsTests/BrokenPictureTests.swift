import Foundation
import SmootDatasets
import SmootTensor
import Testing

/// Broken and hostile pictures: each is refused with one line that names it, soon, and without much memory.
@Suite(.serialized) struct BrokenPictureTests {
  private let root = FileManager.default.temporaryDirectory.path + "/smoot-\(UUID().uuidString)"
  private let size = ImageSize(channels: 3, height: 8, width: 8)

  private typealias Make = PictureMaker

  private func fixture(_ name: String) throws -> [UInt8] {
    let path = Bundle.module.bundlePath + "/Fixtures/pictures/" + name
    return [UInt8](try Data(contentsOf: URL(filePath: path)))
  }

  /// What became of a file, the seconds it took, and the kilobytes it needed at most.
  private func attempt(_ path: String) -> (bad: [BadPicture], seconds: Double, kilobytes: Int) {
    // Begin a new record of the most memory.
    let reset = open("/proc/self/clear_refs", O_WRONLY)
    _ = write(reset, "5", 1)
    close(reset)
    let before = memory("VmRSS")
    let begin = ContinuousClock.now
    let result = PictureReader(size: size, normalization: .imageNet(channels: 3)).read([path])
    let seconds = (ContinuousClock.now - begin) / .seconds(1)
    return (result.bad, seconds, memory("VmHWM") - before)
  }

  private func memory(_ name: String) -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
  }

  /// Expects a refusal of each file; returns the most seconds and kilobytes that one needed.
  @discardableResult private func expectRefusals(_ cases: [(name: String, bytes: [UInt8])]) throws
    -> (seconds: Double, kilobytes: Int)
  {
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    var (seconds, kilobytes) = (0.0, 0)
    for (index, item) in cases.enumerated() {
      let path = "\(root)/case-\(index).png"
      try Data(item.bytes).write(to: URL(filePath: path))
      let result = attempt(path)
      expectRefusal(result.bad, path, item.name)
      // The real figures are a hundredth of that; other work on the machine must not fail the test.
      #expect(result.seconds < 1, "\(item.name)")
      #expect(result.kilobytes < 64 << 10, "\(item.name): \(result.kilobytes) KiB")
      (seconds, kilobytes) = (max(seconds, result.seconds), max(kilobytes, result.kilobytes))
      try FileManager.default.removeItem(atPath: path)
    }
    return (seconds, kilobytes)
  }

  private func expectRefusal(_ bad: [BadPicture], _ path: String, _ name: String) {
    #expect(bad.count == 1, "\(name) was accepted")
    let line = bad.first?.description ?? ""
    #expect(line.hasPrefix(path), "\(name): \(line)")
    #expect(!line.contains("\n") && line.count > path.count + 10, "\(name): \(line)")
  }

  @Test func refusesTruncatedFiles() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    var cases: [(name: String, bytes: [UInt8])] = []
    for name in [
      "rgb.png", "rgb-interlaced.png", "palette.png", "baseline.jpg", "progressive.jpg",
      "cmyk.jpg",
    ] {
      let whole = try fixture(name)
      for part in 0..<16 {
        let count = whole.count * part / 16
        cases.append(("\(name) cut at \(count)", Array(whole.prefix(count))))
      }
      cases.append(("\(name) without its last byte", whole.dropLast()))
    }
    #expect(cases.count == 102)
    try expectRefusals(cases)
  }

  @Test func refusesFlippedBytes() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let whole = try fixture("rgb.png")
    let cases = (0..<24).map { part in
      var bytes = whole
      bytes[part * (whole.count - 1) / 23] ^= 0x41
      return ("flipped byte \(part)", bytes)
    }
    try expectRefusals(cases)
  }

  @Test func refusesHostilePNG() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let zeros = Make.deflated([UInt8](repeating: 0, count: 60 << 20))
    let plus = [UInt8](repeating: 0, count: (1 << 20) + 1)
    let text = Make.chunk("tEXt", Array("Comment\0words".utf8))
    let good = Make.deflated(Make.rows(4, 3))
    let palette = Make.header(4, 3, colour: 3)
    let cases: [(name: String, bytes: [UInt8])] = [
      ("no width", Make.png(Make.header(0, 3))), ("no height", Make.png(Make.header(4, 0))),
      ("a bomb", Make.png(Make.header(30_000, 30_000), pixels: zeros)),
      ("a broad bomb", Make.png(Make.header(16_385, 1))),
      ("a tall bomb", Make.png(Make.header(1, 16_385))),
      ("too many pixels", Make.png(Make.header(16_384, 16_384), pixels: zeros)),
      ("a width of 2^31", Make.png(Make.header(1 << 31, 1))),
      ("extents of 2^32 - 1", Make.png(Make.header(0xffff_ffff, 0xffff_ffff))),
      ("3 bits", Make.png(Make.header(4, 3, depth: 3))),
      ("colour type 5", Make.png(Make.header(4, 3, colour: 5))),
      ("colour type 7", Make.png(Make.header(4, 3, colour: 7))),
      ("16 bits of palette", Make.png(Make.header(4, 3, depth: 16, colour: 3))),
      ("another compression", Make.png(Make.header(4, 3, compression: 1))),
      ("another filter method", Make.png(Make.header(4, 3, filter: 9))),
      ("another interlace", Make.png(Make.header(4, 3, interlace: 2))),
      ("a short header", Make.png(Make.chunk("IHDR", [0, 0, 0, 4, 0, 0, 0, 3, 8, 2, 0, 0]))),
      ("no header", Make.png([])), ("a text first", Make.png(text + Make.header(4, 3))),
      ("two headers", Make.png(Make.header(4, 3), [Make.header(4, 3)])),
      ("another second header", Make.png(Make.header(4, 3), [Make.header(9000, 7000)])),
      ("no pixels", Make.signature + Make.header(4, 3) + Make.end),
      ("no end", Make.png(after: [])), ("no palette", Make.png(palette)),
      ("a palette of 4 bytes", Make.png(palette, [Make.chunk("PLTE", [1, 2, 3, 4])])),
      ("an empty palette", Make.png(palette, [Make.chunk("PLTE", [])])),
      (
        "a palette of 257 colours",
        Make.png(palette, [Make.chunk("PLTE", [UInt8](repeating: 1, count: 771))])
      ),
      (
        "a colour beyond the palette",
        Make.png(
          palette, [Make.chunk("PLTE", [1, 2, 3, 4, 5, 6])],
          pixels: Make.deflated([0, 0, 1, 9, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1]))
      ),
      ("transparency of 3 bytes", Make.png(Make.header(4, 3), [Make.chunk("tRNS", [1, 2, 3])])),
      ("garbage for pixels", Make.png(pixels: (0..<99).map { UInt8($0 * 7 % 251) })),
      ("too few rows", Make.png(pixels: Make.deflated(Make.rows(4, 2)))),
      ("too many rows", Make.png(pixels: Make.deflated(Make.rows(4, 300)))),
      ("compressed data cut off", Make.png(pixels: good.dropLast(7))),
      ("a wrong Adler sum", Make.png(pixels: good.dropLast() + [good[good.count - 1] ^ 1])),
      ("an unknown filter", Make.png(pixels: Make.deflated(Make.rows(4, 3, filter: 5)))),
      (
        "a profile bomb",
        Make.png(Make.header(4, 3), [Make.chunk("iCCP", Array("name\0\0".utf8) + zeros)])
      ),
      (
        "a text bomb",
        Make.png(Make.header(4, 3), [Make.chunk("zTXt", Array("k\0\0".utf8) + zeros)])
      ),
      (
        "an international text bomb",
        Make.png(Make.header(4, 3), [Make.chunk("iTXt", Array("k\0\u{1}\0en\0k\0".utf8) + zeros)])
      ),
      (
        "a text bomb after the pixels",
        Make.png(after: [Make.chunk("zTXt", Array("k\0\0".utf8) + zeros), Make.end])
      ),
      ("a large chunk", Make.png(Make.header(4, 3), [Make.chunk("prIv", plus)])),
      ("129 texts", Make.png(Make.header(4, 3), Array(repeating: text, count: 129))),
      ("a chunk of 2^31 bytes", Make.png(after: [Make.number(1 << 31) + Array("IDAT".utf8)])),
      ("a chunk without a name", Make.png(Make.header(4, 3), [Make.chunk("12#4", [])])),
      ("an unknown critical chunk", Make.png(Make.header(4, 3), [Make.chunk("ABCD", [1])])),
      (
        "a wrong check sum",
        Make.png(Make.header(4, 3), [text.dropLast() + [text[text.count - 1] ^ 1]])
      ),
    ]
    // The pixels that all these are made of are sound.
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    try Data(Make.png(Make.header(4, 3), [text])).write(to: URL(filePath: root + "/good.png"))
    #expect(attempt(root + "/good.png").bad.isEmpty)
    try expectRefusals(cases)
  }

  @Test func refusesHostileJPEG() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let good = try fixture("baseline.jpg")
    let progressive = try fixture("progressive.jpg")
    let segments = Make.segments(good)
    let frame = try #require(segments.first { $0.marker == 0xc0 }).range
    let scan = try #require(segments.last).range
    func patched(_ offset: Int, _ bytes: [UInt8]) -> [UInt8] {
      var result = good
      result.replaceSubrange(offset..<offset + bytes.count, with: bytes)
      return result
    }
    func without(_ marker: UInt8) -> [UInt8] {
      let kept = segments.filter { $0.marker != marker }.flatMap { Array(good[$0.range]) }
      return [0xff, 0xd8] + kept + (marker == 0xda ? [0xff, 0xd9] : good[scan.upperBound...])
    }
    let extents = frame.lowerBound + 5
    let first = try #require(Make.segments(progressive).last).range.lowerBound
    let scans = progressive[first...].dropLast(2)
    let many = Array(progressive[..<first]) + (0..<20).flatMap { _ in scans } + [0xff, 0xd9]
    let middle = (scan.upperBound + good.count) / 2
    let cases: [(name: String, bytes: [UInt8])] = [
      ("no height", patched(extents, [0, 0])), ("no width", patched(extents + 2, [0, 0])),
      ("a bomb", patched(extents, [0xff, 0xff, 0xff, 0xff])),
      ("too many pixels", patched(extents, [0x40, 0, 0x40, 0])),
      ("more rows than there are", patched(extents, [0x1f, 0x40, 0x1f, 0x40])),
      ("12 bits", patched(frame.lowerBound + 4, [12])),
      ("no components", patched(frame.lowerBound + 9, [0])),
      ("two components", patched(frame.lowerBound + 9, [2])),
      ("nine components", patched(frame.lowerBound + 9, [9])),
      ("sampling of 0", patched(frame.lowerBound + 11, [0])),
      ("an unknown table", patched(frame.lowerBound + 12, [3])),
      ("lossless", patched(frame.lowerBound + 1, [0xc3])),
      ("hierarchical", patched(frame.lowerBound + 1, [0xc5])),
      ("said to be progressive", patched(frame.lowerBound + 1, [0xc2])),
      ("said to be arithmetic", patched(frame.lowerBound + 1, [0xc9])),
      ("a frame of 2 bytes", patched(frame.lowerBound + 2, [0, 2])),
      ("a frame of 7 bytes", patched(frame.lowerBound + 2, [0, 7])),
      ("a segment of 0 bytes", patched(segments[0].range.lowerBound + 2, [0, 0])),
      ("a segment of 1 byte", patched(segments[0].range.lowerBound + 2, [0, 1])),
      ("a segment beyond the end", patched(segments[0].range.lowerBound + 2, [0xff, 0xff])),
      ("no frame", without(0xc0)), ("no quantization", without(0xdb)), ("no scan", without(0xda)),
      ("two frames", Array(good[..<frame.upperBound] + good[frame] + good[frame.upperBound...])),
      ("more than 100 scans", many),
      ("no end", good.dropLast(2)), ("no end marker's byte", good.dropLast()),
      ("an end in the middle", Array(good[..<middle]) + [0xff, 0xd9]),
      ("a wrong marker in the data", patched(middle, [0xff, 0xc4, 0, 3])),
      ("nothing but a beginning", [0xff, 0xd8, 0xff]),
      ("a beginning and an end", [0xff, 0xd8, 0xff, 0xd9]),
      ("nothing but 255", [0xff, 0xd8] + [UInt8](repeating: 0xff, count: 5000)),
      (
        "bytes between segments",
        Array(good[..<frame.lowerBound]) + [1, 2, 3] + good[frame.lowerBound...]
      ),
      (
        "a table of 255 codes",
        [0xff, 0xd8, 0xff, 0xc4, 0, 19, 0] + [UInt8](repeating: 255, count: 16) + good[2...]
      ),
    ]
    try expectRefusals(cases)
  }

  @Test func refusesWhatIsNoPicture() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let kinds: [(name: String, bytes: [UInt8])] = [
      ("empty", []), ("one byte", [0x89]), ("text", Array("cat\n".utf8)),
      ("HTML", Array("<!DOCTYPE html><p>404".utf8)), ("PyTorch", [0x50, 0x4b, 3, 4, 0, 0, 8, 8]),
      ("pickle", [0x80, 2, 0x7d]), ("GIF", Array("GIF89a..".utf8)),
      ("WebP", Array("RIFF....WEBPVP8 ".utf8)), ("TIFF", [0x49, 0x49, 0x2a, 0, 8, 0]),
      ("BMP", Array("BM......".utf8)), ("HEIF", [0, 0, 0, 24] + Array("ftypheic".utf8)),
      ("PDF", Array("%PDF-1.7".utf8)), ("gzip", [0x1f, 0x8b, 8, 0]),
      ("noise", (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31) }),
      ("PNG's first bytes", Make.signature),
      ("PNG with line ends changed", [0x89, 0x50, 0x4e, 0x47, 10, 26, 10]),
    ]
    try expectRefusals(kinds)
  }

  @Test func refusesWhatIsNoFile() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    try FileManager.default.createDirectory(
      atPath: root + "/folder.png", withIntermediateDirectories: true)
    #expect(mkfifo(root + "/pipe.png", 0o600) == 0)
    symlink("/dev/zero", root + "/zero.png")
    symlink("nowhere", root + "/nowhere.png")
    symlink("loop.png", root + "/loop.png")
    let huge = open(root + "/huge.png", O_WRONLY | O_CREAT, 0o600)
    #expect(ftruncate(huge, (64 << 20) + 1) == 0)
    close(huge)
    for name in ["folder", "pipe", "zero", "nowhere", "loop", "huge", "none"] {
      let path = "\(root)/\(name).png"
      let result = attempt(path)
      expectRefusal(result.bad, path, name)
      #expect(result.seconds < 1 && result.kilobytes < 64 << 10, "\(name)")
    }
  }

  @Test func writesNamesOnOneLine() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    for name in ["a\nb.png", "a\rb.png", "a\u{1b}[2Jb.png", "a\u{202e}gnp.b.png"] {
      let path = "\(root)/\(name)"
      try Data([1]).write(to: URL(filePath: path))
      let line = attempt(path).bad.first?.description ?? ""
      #expect(
        line.hasPrefix(root) && line.unicodeScalars.allSatisfy { $0.isASCII && $0.value > 31 })
    }
  }
}
