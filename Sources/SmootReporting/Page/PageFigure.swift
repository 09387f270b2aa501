/// A figure with its caption.
public struct PageFigure: Sendable {
  /// The drawing.
  public var figure: Figure
  /// What it shows, in a few words.
  public var title: String
  /// Conditions and how to read it; may be empty.
  public var caption: String

  /// Makes a figure with a caption.
  public init(_ figure: Figure, title: String, caption: String = "") {
    self.figure = figure
    self.title = title
    self.caption = caption
  }

  func markup(name: String) throws -> Markup {
    let title = Markup.element("strong", text: title)
    let caption = caption.isEmpty ? Markup.empty : .text(" ") + .element("span", text: caption)
    // The drawing escapes what it writes.
    let drawing = Markup(source: try figure.svg(namespace: name))
    return .element(
      "figure", [:], .element("figcaption", [:], title + caption) + drawing)
  }
}
