import SmootReporting
import Testing

@Suite struct TextTests {
  private func inkBox(_ text: String, _ style: TextStyle, at place: Point) -> Rectangle? {
    var figure = Figure(width: 300, height: 300, summary: "")
    figure.add(.text(text, at: place, style))
    let image = figure.image(scale: 2)
    var low = (x: Int.max, y: Int.max)
    var high = (x: Int.min, y: Int.min)
    for y in 0..<image.height {
      for x in 0..<image.width where image[x, y].red < 200 {
        low = (min(low.x, x), min(low.y, y))
        high = (max(high.x, x), max(high.y, y))
      }
    }
    guard low.x <= high.x else { return nil }
    return Rectangle(
      x: Double(low.x) / 2, y: Double(low.y) / 2, width: Double(high.x - low.x + 1) / 2,
      height: Double(high.y - low.y + 1) / 2)
  }

  private func picture(_ character: Character) -> RGBAImage {
    var figure = Figure(width: 24, height: 24, summary: "")
    figure.add(.text(String(character), at: Point(4, 18), TextStyle(size: 14)))
    return figure.image()
  }

  @Test func everyPrintableASCIICharacterHasItsOwnShape() {
    var seen: [[UInt8]: Character] = [:]
    let box = picture("\u{10FFFD}")
    for code in UInt8(0x21)...0x7E {
      let character = Character(Unicode.Scalar(code))
      let image = picture(character)
      #expect(image != box, "\(character) is drawn as an unknown character")
      if let other = seen[image.bytes] {
        Issue.record("\(character) looks like \(other)")
      }
      seen[image.bytes] = character
    }
  }

  @Test(arguments: ["±", "–", "—", "−", "×", "…", "→", "≤", "≥", "°", "µ", "σ", "α", "Δ", "·", "²"])
  func commonSignsAreDrawn(text: Character) {
    #expect(picture(text) != picture("\u{10FFFD}"))
  }

  @Test func accentsFallBackToTheLetter() {
    #expect(picture("é") == picture("e"))
  }

  @Test(arguments: [TextStyle.Anchor.start, .middle, .end], [TextStyle.Weight.regular, .bold])
  func inkStaysWithinTheMeasuredWidth(anchor: TextStyle.Anchor, weight: TextStyle.Weight) throws {
    let style = TextStyle(size: 13, weight: weight, color: .black, anchor: anchor)
    let width = style.width(of: "Hamburgefonstiv")
    let box = try #require(inkBox("Hamburgefonstiv", style, at: Point(150, 100)))
    let left = 150 - (anchor == .start ? 0 : anchor == .middle ? width / 2 : width)
    #expect(box.x >= left && box.x < left + 3)
    #expect(box.maxX <= left + width + 0.5 && box.maxX > left + width - 3)
  }

  @Test func capitalsStandOnTheBaseline() throws {
    let style = TextStyle(size: 12, color: .black)
    let box = try #require(inkBox("HEIZ", style, at: Point(20, 100)))
    #expect(box.maxY == 100)
    #expect(abs(box.height - style.capitalHeight) <= 0.5)
    var centred = style
    centred.isCentred = true
    let middle = try #require(inkBox("HEIZ", centred, at: Point(20, 100)))
    #expect(abs(middle.midY - 100) <= 0.5)
  }

  @Test func rotatedTextRunsUpwards() throws {
    let level = TextStyle(size: 12, color: .black)
    var upward = level
    upward.isRotated = true
    let a = try #require(inkBox("loss", level, at: Point(100, 150)))
    let b = try #require(inkBox("loss", upward, at: Point(100, 150)))
    #expect(abs(a.width - b.height) <= 1 && abs(a.height - b.width) <= 1)
    #expect(b.maxX <= 100.5 && b.maxY <= 150.5)
  }

  @Test func shorteningKeepsBothEnds() {
    let style = TextStyle(size: 11)
    let name = "fashion-mnist-smoot-adaptive-seed-3"
    #expect(style.shortened(name, to: 1000) == name)
    let short = style.shortened(name, to: 100)
    #expect(style.width(of: short) <= 100)
    #expect(short.contains("…") && short.hasPrefix("fash") && short.hasSuffix("-3"))
  }

  @Test func wrappingBreaksAtSpacesAndHyphens() {
    let style = TextStyle(size: 11)
    let text = "accuracy of the clean-masked pair"
    let lines = style.wrapped(text, to: 60, lines: 9)
    #expect(lines.count > 2 && lines.allSatisfy { style.width(of: $0) <= 60 })
    #expect(lines.contains { $0.hasSuffix("clean-") })
    #expect(lines.joined(separator: " ").replacing("- ", with: "-") == text)
    let cut = style.wrapped("one two three four five six seven", to: 60, lines: 2)
    #expect(cut.count == 2 && cut[1].contains("…"))
    #expect(style.wrapped("", to: 60, lines: 2).isEmpty)
  }
}
