/// A section of a page: a heading that the contents link to, and what is below it.
public struct PageSection: Sendable {
  /// The name in links, unique on the page: letters, digits and hyphens.
  public var name: String
  /// The heading.
  public var title: String
  /// What is in it.
  public var blocks: [PageBlock]

  /// Makes a section.
  public init(_ name: String, title: String, _ blocks: [PageBlock]) {
    precondition(
      name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") },
      "\"\(name)\" is not a name for links")
    self.name = name
    self.title = title
    self.blocks = blocks
  }

  func markup() throws -> Markup {
    let heading = Markup.element("h2", ["id": "\(name)-title"], text: title)
    let pieces = try blocks.enumerated().map { try $1.markup(name: "\(name)-\($0)") }
    return .element(
      "section", ["id": name, "aria-labelledby": "\(name)-title"], .lines([heading] + pieces))
  }
}
