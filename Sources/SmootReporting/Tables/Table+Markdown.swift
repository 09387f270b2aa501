extension Table {
  /// The table as GitHub's Markdown, the title as a bold paragraph before it.
  public func markdown() -> String {
    func line(_ fields: [String]) -> String { "| " + fields.joined(separator: " | ") + " |" }
    var lines = [
      line(columns.map { Self.markdownEscaped($0.name) }),
      line(columns.map { $0.alignment == .left ? ":--" : "--:" }),
    ]
    lines += rows.map { row in line(row.map { Self.markdownEscaped($0.display) }) }
    let heading = title.map { "**\(Self.markdownEscaped($0))**\n\n" } ?? ""
    return heading + lines.joined(separator: "\n") + "\n"
  }

  /// Text that stays in its field and means itself.
  private static func markdownEscaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\", "|", "*", "_", "`", "[", "]", "<": result += "\\\(character)"
      case _ where character.isNewline: result += " "
      default: result.append(character)
      }
    }
    return result
  }
}
