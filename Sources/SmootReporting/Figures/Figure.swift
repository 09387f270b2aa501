import Foundation

/// A finished drawing that can be turned into pixels or into vectors.
///
/// Plots and grids make figures; a figure is a list of marks in points, which two surfaces know how
/// to draw.
public struct Figure: Equatable, Sendable {
  /// Width in points (1/96 inch in a browser).
  public let width: Double
  /// Height in points.
  public let height: Double
  /// What the figure shows, for readers that cannot see it.
  public let summary: String
  package private(set) var marks: [Mark] = []

  package init(width: Double, height: Double, summary: String) {
    precondition(
      width >= 1 && height >= 1 && width.isFinite && height.isFinite,
      "a figure of \(width) by \(height) points has no area")
    self.width = width
    self.height = height
    self.summary = summary
  }

  package mutating func add(_ mark: Mark) { marks.append(mark) }
  package mutating func add(contentsOf more: [Mark]) { marks.append(contentsOf: more) }

  package func draw(on drawing: inout some Drawing) {
    for mark in marks { drawing.draw(mark) }
  }

  /// The figure in pixels on a white ground.
  ///
  /// - Parameter scale: pixels for each point; 2 suits today's screens.
  public func image(scale: Int = 2) -> RGBAImage {
    var canvas = Canvas(
      width: Int((width * Double(scale)).rounded(.up)),
      height: Int((height * Double(scale)).rounded(.up)), scale: Double(scale))
    draw(on: &canvas)
    return canvas.image
  }

  /// The figure as an SVG document whose text stays text.
  ///
  /// - Parameter namespace: what begins the names of its parts; different for each of several figures of one HTML page.
  public func svg(namespace: String = "") throws -> String {
    var drawing = SVGDrawing(namespace: namespace)
    draw(on: &drawing)
    return try drawing.document(width: width, height: height, summary: summary)
  }

  /// Writes the figure to a file, whole or not at all; the name's ending, `.png` or `.svg`, chooses
  /// the format.
  ///
  /// - Parameters:
  ///   - path: where to.
  ///   - scale: pixels for each point of a PNG picture.
  public func write(to path: String, scale: Int = 2) throws {
    switch (path as NSString).pathExtension.lowercased() {
    case "png": try image(scale: scale).writePNG(to: path)
    case "svg": try ReportFile.write(svg(), to: path)
    default:
      throw ReportingError(
        .badData, "\(path): expected a file name that ends in .png or .svg for a figure")
    }
  }
}
