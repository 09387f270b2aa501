/// How many columns of a terminal characters take.
public enum DisplayWidth {
  /// The columns that a text takes: two for East Asian wide characters and emoji, none for
  /// combining marks and controls.
  public static func width(of text: String) -> Int {
    text.reduce(0) { $0 + width(of: $1) }
  }

  /// The text, its middle replaced by `ellipsis` where it takes more than `limit` columns.
  public static func shortened(_ text: String, to limit: Int, ellipsis: String = "…") -> String {
    guard width(of: text) > limit else { return text }
    let room = limit - width(of: ellipsis)
    guard room > 0 else { return String(ellipsis.prefix(max(limit, 0))) }
    let head = prefix(text, columns: (room + 1) / 2)
    let tail = prefix(String(text.reversed()), columns: room - width(of: head))
    return head + ellipsis + String(tail.reversed())
  }

  private static func prefix(_ text: String, columns: Int) -> String {
    var taken = 0
    return String(
      text.prefix { character in
        taken += width(of: character)
        return taken <= columns
      })
  }

  private static func width(of character: Character) -> Int {
    var widest = 0
    for scalar in character.unicodeScalars {
      // Variation selector 16 asks for the picture form.
      if scalar == "\u{FE0F}" && widest > 0 { return 2 }
      widest = max(widest, width(of: scalar))
    }
    return widest
  }

  private static func width(of scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control, .lineSeparator, .paragraphSeparator:
      return 0
    default:
      if scalar.properties.isEmojiPresentation { return 2 }
      return wide.contains { $0.contains(scalar.value) } ? 2 : 1
    }
  }

  /// Blocks of East Asian wide and fullwidth characters (Unicode Standard Annex 11).
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
    0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
    0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD,
  ]
}
