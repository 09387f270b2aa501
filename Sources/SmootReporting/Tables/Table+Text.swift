extension Table {
  /// How a table looks in a terminal.
  public struct TextOptions: Sendable {
    /// Whether only ASCII characters are used, for terminals and logs that know no others.
    public var isASCII: Bool
    /// The most columns of the terminal that may be used, to which left-aligned text is shortened;
    /// nil for no limit.
    public var maximumWidth: Int?

    /// Makes options.
    public init(isASCII: Bool = false, maximumWidth: Int? = nil) {
      self.isASCII = isASCII
      self.maximumWidth = maximumWidth
    }
  }

  /// The table for a terminal: columns two spaces apart, the headings underlined, a newline at the
  /// end of each line.
  public func text(_ options: TextOptions = TextOptions()) -> String {
    let cells = ([columns.map(\.name)] + rows.map { $0.map(\.display) }).map { row in
      row.map { Self.printable($0, isASCII: options.isASCII) }
    }
    let widths = fittedWidths(cells, limit: options.maximumWidth)
    let ellipsis = options.isASCII ? "..." : "…"
    var lines = cells.map { row in
      let fields = zip(zip(columns, widths), row).map { column, text in
        let short = DisplayWidth.shortened(text, to: column.1, ellipsis: ellipsis)
        let space = String(repeating: " ", count: max(0, column.1 - DisplayWidth.width(of: short)))
        return column.0.alignment == .left ? short + space : space + short
      }
      return Self.trimmed(fields.joined(separator: "  "))
    }
    let rule = widths.map { String(repeating: options.isASCII ? "-" : "─", count: $0) }
    lines.insert(rule.joined(separator: "  "), at: 1)
    if let title { lines.insert(Self.printable(title, isASCII: options.isASCII), at: 0) }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The columns' widths; where they are too wide together, the widest left-aligned ones give way,
  /// down to eight.
  private func fittedWidths(_ cells: [[String]], limit: Int?) -> [Int] {
    var widths = columns.indices.map { index in
      cells.map { DisplayWidth.width(of: $0[index]) }.max() ?? 0
    }
    guard let limit else { return widths }
    let candidates = columns.indices.filter { columns[$0].alignment == .left }
    while widths.reduce(0, +) + 2 * (widths.count - 1) > limit {
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }), widths[widest] > 8
      else { break }
      widths[widest] -= 1
    }
    return widths
  }

  /// Text on one line that cannot steer a terminal; in ASCII, what has no counterpart is a question
  /// mark.
  private static func printable(_ text: String, isASCII: Bool) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: result += " "
      default:
        if scalar.isASCII || !isASCII {
          result.unicodeScalars.append(scalar)
        } else {
          result += counterparts[scalar] ?? "?"
        }
      }
    }
    return result
  }

  private static let counterparts: [Unicode.Scalar: String] = [
    "±": "+-", "–": "-", "—": "-", "−": "-", "×": "x", "…": "...", "≤": "<=", "≥": ">=", "→": "->",
    "↓": "v", "↑": "^",
    "·": "-", "µ": "u", "μ": "u", "°": "deg", "²": "2", "’": "'", "‘": "'", "“": "\"", "”": "\"",
  ]

  private static func trimmed(_ line: String) -> String {
    var end = line.endIndex
    while end > line.startIndex, line[line.index(before: end)] == " " {
      end = line.index(before: end)
    }
    return String(line[..<end])
  }
}
