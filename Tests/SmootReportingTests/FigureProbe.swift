import Foundation
import SmootReporting

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Looks into figures: which texts and lines they have, and where.
struct FigureProbe {
  let figure: Figure

  struct PlacedText {
    let text: String
    let style: TextStyle
    let box: Rectangle
  }

  /// Every mark, also inside of clipped groups.
  var marks: [Mark] { Self.flattened(figure.marks) }

  var texts: [PlacedText] {
    marks.compactMap { mark in
      guard case .text(let text, let place, let style) = mark else { return nil }
      let width = style.width(of: text)
      let height = style.capitalHeight
      let before = style.anchor == .start ? 0 : style.anchor == .middle ? width / 2 : width
      let above = style.isCentred ? height / 2 : height
      let box =
        style.isRotated
        ? Rectangle(x: place.x - above, y: place.y - (width - before), width: height, height: width)
        : Rectangle(x: place.x - before, y: place.y - above, width: width, height: height)
      return PlacedText(text: text, style: style, box: box)
    }
  }

  var polylines: [(points: [Point], style: StrokeStyle)] {
    marks.compactMap { mark in
      guard case .line(let points, let style) = mark else { return nil }
      return (points, style)
    }
  }

  var images: [(image: RGBAImage, area: Rectangle)] {
    marks.compactMap { mark in
      guard case .image(let image, let area) = mark else { return nil }
      return (image, area)
    }
  }

  func text(_ text: String) -> PlacedText? { texts.first { $0.text == text } }

  /// Pairs of texts that overlap, and texts that leave the figure.
  var collisions: [String] {
    let texts = texts
    let page = Rectangle(x: 0, y: 0, width: figure.width, height: figure.height)
    var found = texts.filter { item in
      item.box.x < 0 || item.box.y < 0 || item.box.maxX > page.maxX || item.box.maxY > page.maxY
    }.map { "\($0.text) leaves the figure" }
    for (index, first) in texts.enumerated() {
      for second in texts[(index + 1)...] where first.box.intersects(second.box) {
        found.append("\(first.text) | \(second.text)")
      }
    }
    return found
  }

  private static func flattened(_ marks: [Mark]) -> [Mark] {
    marks.flatMap { mark -> [Mark] in
      if case .clipped(_, let inner) = mark { return flattened(inner) }
      return [mark]
    }
  }
}

/// Collects element names and character data of an XML document.
final class XMLProbe: NSObject, XMLParserDelegate {
  var elements: [String: Int] = [:]
  var text = ""

  /// nil if the document is not well-formed.
  init?(_ document: String) {
    super.init()
    let parser = XMLParser(data: Data(document.utf8))
    parser.delegate = self
    guard parser.parse() else { return nil }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    elements[name, default: 0] += 1
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
}
