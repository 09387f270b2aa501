/// A piece of an HTML page.
///
/// Text and attributes are escaped where they are put in, so nothing that a file or a person named can become a part of the page's structure.
public struct Markup: Equatable, Sendable {
  /// The HTML.
  public let source: String

  /// Takes HTML as it is; only for what this module wrote itself.
  package init(source: String) { self.source = source }

  /// Nothing.
  public static let empty = Markup(source: "")

  /// A text, escaped.
  public static func text(_ text: String) -> Markup { Markup(source: escaped(text)) }

  /// An element with its content.
  ///
  /// - Parameters:
  ///   - name: the element's name, such as `td`.
  ///   - attributes: names and values; values are escaped, those that are nil are left out.
  ///   - content: what is in it.
  public static func element(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String?> = [:],
    _ content: Markup = .empty
  ) -> Markup {
    let pairs = attributes.compactMap { name, value in
      value.map { " \(name)=\"\(escaped($0))\"" }
    }
    let name = "\(name)"
    let start = "<\(name)\(pairs.joined())>"
    return Markup(source: isVoid(name) ? start : "\(start)\(content.source)</\(name)>")
  }

  /// An element that holds a text.
  public static func element(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String?> = [:], text: String
  ) -> Markup {
    element(name, attributes, .text(text))
  }

  /// A text whose commands, which stand between backticks, are set as such.
  static func prose(_ text: String) -> Markup {
    text.split(separator: "`", omittingEmptySubsequences: false).enumerated().reduce(.empty) {
      whole, part in
      let words = String(part.element)
      return whole + (part.offset.isMultiple(of: 2) ? .text(words) : element("code", text: words))
    }
  }

  /// Pieces one after the other, each on its own line.
  public static func lines(_ pieces: [Markup]) -> Markup {
    Markup(source: pieces.map(\.source).joined(separator: "\n"))
  }

  /// Two pieces one after the other.
  public static func + (first: Markup, second: Markup) -> Markup {
    Markup(source: first.source + second.source)
  }

  private static func isVoid(_ name: String) -> Bool { ["img", "meta", "br"].contains(name) }

  /// Text that can stand in HTML: control characters become spaces, marks that turn the direction of writing are shown as such.
  static func escaped(_ text: String) -> String {
    var plain = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}": plain += "\u{FFFD}"
      case "\u{80}"..."\u{9F}", "\u{2028}", "\u{2029}": plain += " "
      default: plain.unicodeScalars.append(scalar)
      }
    }
    return SVGDrawing.escaped(plain)
  }
}
