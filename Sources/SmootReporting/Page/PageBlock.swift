/// A part of a section of a page.
public enum PageBlock: Sendable {
  /// Words.
  case paragraph(String)
  /// A heading below the section's.
  case heading(String)
  /// What is not there, why, and how to get it; commands stand between backticks.
  case missing(String)
  /// What a reader should know before trusting what is near.
  case warning(String)
  /// Short lines.
  case list([String])
  /// Commands or other text whose lines are kept.
  case code([String])
  /// Rows and columns.
  case table(PageTable)
  /// Figures, side by side where there is room.
  case figures([PageFigure])
  /// Pictures in rows and columns.
  case pictures(PictureTable)

  /// The block as HTML.
  ///
  /// - Parameter name: what begins the names of elements in it, unique on the page.
  func markup(name: String) throws -> Markup {
    switch self {
    case .paragraph(let text): return .element("p", text: text)
    case .heading(let text): return .element("h3", text: text)
    case .missing(let text):
      return .element(
        "p", ["class": "missing"], .element("strong", text: "Missing: ") + .prose(text))
    case .warning(let text):
      return .element(
        "p", ["class": "warning"], .element("strong", text: "Note: ") + .text(text))
    case .list(let texts):
      return .element("ul", [:], .lines(texts.map { .element("li", text: $0) }))
    case .code(let lines):
      // `text` makes spaces of line ends, so lines are escaped one by one.
      let code = Markup.element("code", [:], .lines(lines.map(Markup.text)))
      return .element("pre", ["tabindex": "0"], code)
    case .table(let table): return table.markup(name: name)
    case .figures(let figures):
      let pieces = try figures.enumerated().map { try $1.markup(name: "\(name)-\($0)") }
      return .element("div", ["class": "figures"], .lines(pieces))
    case .pictures(let table): return try table.markup(name: name)
    }
  }
}
