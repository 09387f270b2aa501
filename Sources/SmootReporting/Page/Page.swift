/// A page in one file: HTML that needs no network, no script and no other file, in the light or dark colours of its reader, on paper in light ones.
public struct Page: Sendable {
  /// The heading.
  public var title: String
  /// Lines below the heading.
  public var subtitle: [String]
  /// The sections from top to bottom.
  public var sections: [PageSection]

  /// Makes a page.
  public init(title: String, subtitle: [String] = [], sections: [PageSection]) {
    precondition(
      Set(sections.map(\.name)).count == sections.count, "two sections of a page have one name")
    self.title = title
    self.subtitle = subtitle
    self.sections = sections
  }

  /// Forbids whatever is not in the file itself.
  private static let policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

  /// The page's HTML.
  ///
  /// - Throws: the error of a picture that could not be encoded.
  public func html() throws -> String {
    let head = Markup.element(
      "head", [:],
      .lines([
        .element("meta", ["charset": "utf-8"]),
        .element("meta", ["http-equiv": "Content-Security-Policy", "content": Self.policy]),
        .element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        .element("meta", ["name": "color-scheme", "content": "light dark"]),
        .element("title", text: title),
        .element("style", [:], Markup(source: PageStyle.sheet)),
      ]))
    let links = sections.map { section in
      Markup.element(
        "li", [:], .element("a", ["href": "#\(section.name)"], text: section.title))
    }
    let header = Markup.element(
      "header", [:],
      .lines([.element("h1", text: title)] + subtitle.map { .element("p", text: $0) }))
    let contents = Markup.element(
      "nav", ["aria-label": "Contents"], .element("ol", [:], .lines(links)))
    let main = Markup.element("main", [:], .lines(try sections.map { try $0.markup() }))
    let body = Markup.element("body", [:], .lines([header, contents, main]))
    return "<!DOCTYPE html>\n"
      + Markup.element("html", ["lang": "en"], .lines([head, body])).source + "\n"
  }

  /// Writes the page to a file, whole or not at all.
  public func write(to path: String) throws { try ReportFile.write(html(), to: path) }
}
