import Foundation

/// The vector surface: collects the elements of an SVG document.
package struct SVGDrawing: Drawing, Sendable {
  private var elements: [String] = []
  private var definitions: [String] = []
  private var failure: (any Error)?
  private let namespace: String

  package init(namespace: String = "") { self.namespace = namespace }

  package mutating func draw(_ mark: Mark) {
    switch mark {
    case .rectangle(let area, let color):
      elements.append("<rect \(Self.attributes(area)) \(Self.paint("fill", color))/>")
    case .polygon(let points, let color):
      elements.append("<polygon points=\"\(Self.list(points))\" \(Self.paint("fill", color))/>")
    case .circle(let center, let radius, let color):
      elements.append(
        "<circle cx=\"\(Self.number(center.x))\" cy=\"\(Self.number(center.y))\" "
          + "r=\"\(Self.number(radius))\" \(Self.paint("fill", color))/>")
    case .line(let points, let style): elements.append(Self.line(points, style))
    case .text(let text, let place, let style):
      elements.append(Self.text(text, at: place, style))
    case .image(let picture, let area):
      do {
        elements.append(try Self.image(picture, in: area))
      } catch {
        failure = failure ?? error
      }
    case .clipped(let area, let marks): draw(marks, clippedTo: area)
    }
  }

  /// The whole document.
  ///
  /// - Throws: the error of the first picture that could not be encoded.
  package func document(width: Double, height: Double, summary: String) throws -> String {
    if let failure { throw failure }
    let size = "width=\"\(Self.number(width))\" height=\"\(Self.number(height))\""
    let head =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) "
      + "viewBox=\"0 0 \(Self.number(width)) \(Self.number(height))\" role=\"img\" "
      + "font-family=\"Helvetica, Arial, 'Liberation Sans', sans-serif\">"
    let lines =
      [head, "<title>\(Self.escaped(summary))</title>"]
      + (definitions.isEmpty ? [] : ["<defs>"] + definitions + ["</defs>"])
      + ["<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>"] + elements + ["</svg>", ""]
    return lines.joined(separator: "\n")
  }

  private mutating func draw(_ marks: [Mark], clippedTo area: Rectangle) {
    // The name follows from the area, so that documents on one page that share a name agree on its
    // meaning.
    let place = [area.x, area.y, area.width, area.height].map(Self.number).joined(separator: "-")
    let name = (namespace.isEmpty ? "" : namespace + "-") + "clip-\(place)"
    let definition = "<clipPath id=\"\(name)\"><rect \(Self.attributes(area))/></clipPath>"
    if !definitions.contains(definition) { definitions.append(definition) }
    elements.append("<g clip-path=\"url(#\(name))\">")
    for mark in marks { draw(mark) }
    elements.append("</g>")
  }

  private static func line(_ points: [Point], _ style: StrokeStyle) -> String {
    let dash =
      style.dash.isEmpty
      ? "" : " stroke-dasharray=\"\(style.dash.map(number).joined(separator: " "))\""
    return "<polyline points=\"\(list(points))\" fill=\"none\" \(paint("stroke", style.color)) "
      + "stroke-width=\"\(number(style.width))\" stroke-linecap=\"round\" "
      + "stroke-linejoin=\"round\"\(dash)/>"
  }

  /// Readers' fonts differ in width; `textLength` keeps every text as wide as the layout took it to
  /// be.
  private static func text(_ text: String, at place: Point, _ style: TextStyle) -> String {
    let anchor =
      switch style.anchor {
      case .start: ""
      case .middle: " text-anchor=\"middle\""
      case .end: " text-anchor=\"end\""
      }
    let shift = style.isCentred ? " dy=\"\(number(style.capitalHeight / 2))\"" : ""
    let position =
      style.isRotated
      ? "transform=\"translate(\(number(place.x)) \(number(place.y))) rotate(-90)\""
      : "x=\"\(number(place.x))\" y=\"\(number(place.y))\""
    let weight = style.weight == .bold ? " font-weight=\"bold\"" : ""
    let length =
      text.count > 1
      ? " textLength=\"\(number(style.width(of: text)))\" lengthAdjust=\"spacingAndGlyphs\"" : ""
    return
      "<text \(position)\(shift)\(anchor) font-size=\"\(number(style.size))\"\(weight)\(length) "
      + "\(paint("fill", style.color))>\(escaped(text))</text>"
  }

  private static func image(_ picture: RGBAImage, in area: Rectangle) throws -> String {
    // Readers that smooth pictures whatever their style says blur only the seams of an enlarged
    // one.
    let factor = max(1, 128 / max(picture.width, picture.height))
    let data = try picture.enlarged(factor).pngData()
    return "<image \(attributes(area)) preserveAspectRatio=\"none\" "
      + "style=\"image-rendering:pixelated\" "
      + "href=\"data:image/png;base64,\(data.base64EncodedString())\"/>"
  }

  private static func attributes(_ area: Rectangle) -> String {
    "x=\"\(number(area.x))\" y=\"\(number(area.y))\" "
      + "width=\"\(number(area.width))\" height=\"\(number(area.height))\""
  }

  private static func paint(_ name: String, _ color: RGBAColor) -> String {
    let opacity =
      color.alpha == 255 ? "" : " \(name)-opacity=\"\(number(Double(color.alpha) / 255))\""
    return "\(name)=\"\(color.hexadecimal)\"\(opacity)"
  }

  private static func list(_ points: [Point]) -> String {
    points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
  }

  /// At most three digits after the point, none that say nothing.
  private static func number(_ value: Double) -> String {
    let rounded = (value * 1000).rounded() / 1000
    return rounded == rounded.rounded() && abs(rounded) < 1e9
      ? String(Int(rounded)) : String(rounded)
  }

  /// Text that XML 1.0 can hold: control characters become a space.
  package static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\u{0}"..<"\u{20}", "\u{7F}", "\u{FFFE}", "\u{FFFF}": result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
