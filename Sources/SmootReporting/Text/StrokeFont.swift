import Foundation

/// The typeface of pixel figures: a sans serif drawn with a round pen, near Helvetica in its
/// widths.
///
/// Its shapes are the project's own, so pictures look the same on every machine, whatever fonts it
/// has.
enum StrokeFont {
  /// Glyph units in the font size.
  static let unitsPerEm = 22.0
  /// Height of the capitals without the pen, in glyph units.
  static let capitals = 14.0
  /// Height of small letters without ascender, without the pen, in glyph units.
  static let smallLetters = 10.0
  /// Height of the capitals, the pen included, as a share of the font size.
  static let capitalHeight = capitals / unitsPerEm + penWidth(.regular)

  /// The pen's width as a share of the font size.
  static func penWidth(_ weight: TextStyle.Weight) -> Double {
    switch weight {
    case .regular: 0.084
    case .bold: 0.125
    }
  }

  /// How much further bold characters stand apart, in glyph units.
  static func spacing(_ weight: TextStyle.Weight) -> Double { weight == .bold ? 0.7 : 0 }

  /// The width of a text in the unit of `size`.
  static func width(of text: String, size: Double, weight: TextStyle.Weight) -> Double {
    var units = 0.0
    for character in text { units += glyph(of: character).advance + spacing(weight) }
    return units * size / unitsPerEm
  }

  /// The glyph of a character; letters with an accent that the font lacks lose it, all else unknown
  /// is an empty box.
  static func glyph(of character: Character) -> Glyph {
    if let glyph = glyphs[character] { return glyph }
    if let plain = String(character).decomposedStringWithCanonicalMapping.unicodeScalars.first,
      let glyph = glyphs[Character(plain)]
    {
      return glyph
    }
    return box
  }

  private static let box = Glyph("s 7 s M 0 0 L 0 14 L 7 14 L 7 0 L 0 0")

  /// Every character that is drawn, from the tables of letters and of signs.
  private static let glyphs: [Character: Glyph] = {
    var glyphs: [Character: Glyph] = [
      " ": Glyph("0 6.1 0"), "\u{A0}": Glyph("0 6.1 0"), "\u{202F}": Glyph("0 4 0"),
    ]
    for line in (letters + "\n" + signs).split(separator: "\n") {
      guard let name = line.first else { continue }
      glyphs[name] = Glyph(String(line.dropFirst()))
    }
    return glyphs
  }()
}
