extension TextStyle {
  /// The text in lines of at most `limit` points, broken at spaces and after hyphens; what is left
  /// over after `lines` lines is shortened.
  package func wrapped(_ text: String, to limit: Double, lines: Int) -> [String] {
    var result: [String] = []
    var current = ""
    var rest = Self.pieces(of: text)[...]
    while let piece = rest.first {
      let candidate = current + piece
      if current.isEmpty || width(of: Self.trimmed(candidate)) <= limit {
        current = candidate
        rest.removeFirst()
      } else if result.count == lines - 1 {
        current += rest.joined()
        rest = []
      } else {
        result.append(current)
        current = ""
      }
    }
    if !current.isEmpty { result.append(current) }
    return result.map { shortened(Self.trimmed($0), to: limit) }
  }

  /// Words with the spaces or the hyphen after them.
  private static func pieces(of text: String) -> [String] {
    var pieces: [String] = []
    var current = ""
    var mayBreak = false
    for character in text.map({ $0.isNewline ? " " : $0 }) {
      if mayBreak && character != " " {
        pieces.append(current)
        current = ""
      }
      current.append(character)
      mayBreak = character == " " || (character == "-" && current.count > 1)
    }
    return current.isEmpty ? pieces : pieces + [current]
  }

  private static func trimmed(_ text: String) -> String {
    var result = text[...]
    while result.last == " " { result.removeLast() }
    return String(result)
  }
}
