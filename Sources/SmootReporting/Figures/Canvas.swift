/// The pixel surface: antialiased shapes and text on an RGBA picture.
package struct Canvas: Drawing, Sendable {
  /// What has been drawn so far.
  package private(set) var image: RGBAImage
  private let scale: Double
  private var clip: Rectangle

  /// Makes a white canvas of a size in pixels, with `scale` pixels for each point.
  package init(width: Int, height: Int, scale: Double) {
    image = RGBAImage(width: width, height: height)
    self.scale = scale
    clip = Rectangle(x: 0, y: 0, width: Double(width), height: Double(height))
  }

  package mutating func draw(_ mark: Mark) {
    switch mark {
    case .rectangle(let area, let color):
      fill(
        [
          Point(area.x, area.y), Point(area.maxX, area.y), Point(area.maxX, area.maxY),
          Point(area.x, area.maxY),
        ], color)
    case .polygon(let points, let color): fill(points, color)
    case .circle(let center, let radius, let color):
      stroke([[center * scale, center * scale]], radius: radius * scale, color)
    case .line(let points, let style): draw(points, style)
    case .text(let text, let place, let style):
      let strokes = TextOutline(text, style: style, at: place * scale, scale: scale).strokes
      for (radius, lines) in strokes { stroke(lines, radius: radius, style.color) }
    case .image(let picture, let area): draw(picture, in: area.scaled(by: scale))
    case .clipped(let area, let marks):
      let outer = clip
      clip = Self.intersection(clip, area.scaled(by: scale))
      for mark in marks { draw(mark) }
      clip = outer
    }
  }

  private mutating func fill(_ points: [Point], _ color: RGBAColor) {
    let pixels = points.map { $0 * scale }
    guard var mask = CoverageMask(covering: Self.bounds(of: pixels), within: clip) else { return }
    mask.addPolygon(pixels)
    mask.paint(color, on: &image)
  }

  private mutating func draw(_ points: [Point], _ style: StrokeStyle) {
    let pixels = Self.aligned(points.map { $0 * scale }, width: style.width * scale)
    let pieces = DashPattern.pieces(of: pixels, lengths: style.dash.map { $0 * scale })
    stroke(pieces, radius: style.width * scale / 2, style.color)
  }

  private mutating func stroke(_ lines: [[Point]], radius: Double, _ color: RGBAColor) {
    let area = Self.bounds(of: lines.joined()).expanded(by: radius + 1)
    guard var mask = CoverageMask(covering: area, within: clip) else { return }
    for line in lines {
      for (start, end) in zip(line, line.dropFirst()) {
        mask.addStroke(from: start, to: end, radius: radius)
      }
    }
    mask.paint(color, on: &image)
  }

  private mutating func draw(_ picture: RGBAImage, in area: Rectangle) {
    let left = Int(area.x.rounded())
    let top = Int(area.y.rounded())
    let pixels = picture.resized(
      width: max(1, Int(area.width.rounded())), height: max(1, Int(area.height.rounded())))
    for y in 0..<pixels.height {
      for x in 0..<pixels.width
      where clip.contains(Point(Double(left + x) + 0.5, Double(top + y) + 0.5)) {
        image.blend(pixels[x, y], x: left + x, y: top + y, coverage: 1)
      }
    }
  }

  /// Moves an upright or level line by less than a pixel so that its edges fall between pixels.
  private static func aligned(_ points: [Point], width: Double) -> [Point] {
    guard points.count == 2 else { return points }
    let half = width.rounded() / 2
    func snapped(_ value: Double) -> Double { (value - half).rounded() + half }
    var result = points
    if points[0].x == points[1].x {
      result[0].x = snapped(points[0].x)
      result[1].x = result[0].x
    } else if points[0].y == points[1].y {
      result[0].y = snapped(points[0].y)
      result[1].y = result[0].y
    }
    return result
  }

  private static func bounds(of points: some Sequence<Point>) -> Rectangle {
    var low = Point(.infinity, .infinity)
    var high = Point(-.infinity, -.infinity)
    for point in points {
      low = Point(min(low.x, point.x), min(low.y, point.y))
      high = Point(max(high.x, point.x), max(high.y, point.y))
    }
    guard low.x <= high.x, low.y <= high.y else {
      return Rectangle(x: 0, y: 0, width: 0, height: 0)
    }
    return Rectangle(x: low.x, y: low.y, width: high.x - low.x, height: high.y - low.y)
  }

  private static func intersection(_ a: Rectangle, _ b: Rectangle) -> Rectangle {
    let x = max(a.x, b.x)
    let y = max(a.y, b.y)
    return Rectangle(
      x: x, y: y, width: max(0, min(a.maxX, b.maxX) - x), height: max(0, min(a.maxY, b.maxY) - y))
  }
}
