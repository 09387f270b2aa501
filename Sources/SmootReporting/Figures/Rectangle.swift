/// An upright rectangle in a figure, in points.
package struct Rectangle: Equatable, Sendable {
  package var x: Double
  package var y: Double
  package var width: Double
  package var height: Double

  package init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  package var maxX: Double { x + width }
  package var maxY: Double { y + height }
  package var midX: Double { x + width / 2 }
  package var midY: Double { y + height / 2 }

  package func contains(_ point: Point) -> Bool {
    point.x >= x && point.x <= maxX && point.y >= y && point.y <= maxY
  }

  package func intersects(_ other: Rectangle) -> Bool {
    x < other.maxX && other.x < maxX && y < other.maxY && other.y < maxY
  }

  /// The rectangle grown by `margin` on each side.
  package func expanded(by margin: Double) -> Rectangle {
    Rectangle(
      x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin)
  }

  func scaled(by factor: Double) -> Rectangle {
    Rectangle(x: x * factor, y: y * factor, width: width * factor, height: height * factor)
  }

  /// Whether the straight line between two points touches the rectangle.
  package func touchesLine(from start: Point, to end: Point) -> Bool {
    // Liang and Barsky's clipping: the part of the line, in [0, 1], that is inside.
    let direction = end - start
    var low = 0.0
    var high = 1.0
    for (step, near, far) in [
      (direction.x, x - start.x, maxX - start.x), (direction.y, y - start.y, maxY - start.y),
    ] {
      if step == 0 {
        if near > 0 || far < 0 { return false }
      } else {
        low = max(low, min(near / step, far / step))
        high = min(high, max(near / step, far / step))
      }
    }
    return low <= high
  }
}
