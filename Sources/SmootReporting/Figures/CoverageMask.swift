/// How much of each pixel of a region a shape covers, from 0 to 1.
struct CoverageMask {
  private let left: Int
  private let top: Int
  private let width: Int
  private let height: Int
  private var values: [Float]

  /// Makes an empty mask of the pixels that a rectangle (in pixels) touches, as far as they are
  /// within `bounds`; nil if none are.
  init?(covering area: Rectangle, within bounds: Rectangle) {
    let minX = max(area.x, bounds.x).rounded(.down)
    let minY = max(area.y, bounds.y).rounded(.down)
    let maxX = min(area.maxX, bounds.maxX).rounded(.up)
    let maxY = min(area.maxY, bounds.maxY).rounded(.up)
    guard maxX > minX, maxY > minY else { return nil }
    left = Int(minX)
    top = Int(minY)
    width = Int(maxX - minX)
    height = Int(maxY - minY)
    values = Array(repeating: 0, count: width * height)
  }

  /// Covers what is nearer than `radius` to the straight line between two points; parts that
  /// overlap count once.
  mutating func addStroke(from start: Point, to end: Point, radius: Double) {
    let reach = radius + 0.5
    let rows = range(min(start.y, end.y) - reach, max(start.y, end.y) + reach, top, height)
    let columns = range(min(start.x, end.x) - reach, max(start.x, end.x) + reach, left, width)
    let direction = end - start
    let squared = direction.x * direction.x + direction.y * direction.y
    let most = min(1, 2 * radius)
    for row in rows {
      for column in columns {
        let offset = Point(Double(left + column) + 0.5, Double(top + row) + 0.5) - start
        let along =
          squared > 0 ? (offset.x * direction.x + offset.y * direction.y) / squared : 0
        let distance = (offset - direction * min(max(along, 0), 1)).length
        let coverage = Float(min(max(reach - distance, 0), most))
        let index = row * width + column
        if coverage > values[index] { values[index] = coverage }
      }
    }
  }

  /// Covers the inside of a polygon by the non-zero rule: exact along rows, eight samples down each
  /// pixel.
  mutating func addPolygon(_ points: [Point]) {
    let samples = 8
    guard let last = points.last else { return }
    for row in 0..<height {
      for sample in 0..<samples {
        let y = Double(top + row) + (Double(sample) + 0.5) / Double(samples)
        var crossings: [(x: Double, winding: Int)] = []
        var start = last
        for end in points {
          if (start.y <= y) != (end.y <= y) {
            let x = start.x + (y - start.y) / (end.y - start.y) * (end.x - start.x)
            crossings.append((x, end.y > start.y ? 1 : -1))
          }
          start = end
        }
        crossings.sort { $0.x < $1.x }
        var winding = 0
        for (index, crossing) in crossings.enumerated().dropLast() {
          winding += crossing.winding
          if winding != 0 {
            addSpan(from: crossing.x, to: crossings[index + 1].x, row: row, 1 / Double(samples))
          }
        }
      }
    }
  }

  private mutating func addSpan(from start: Double, to end: Double, row: Int, _ weight: Double) {
    for column in range(start, end, left, width) {
      let pixel = Double(left + column)
      let overlap = min(end, pixel + 1) - max(start, pixel)
      if overlap > 0 { values[row * width + column] += Float(overlap * weight) }
    }
  }

  /// Lays a colour over a picture where the mask covers it.
  func paint(_ color: RGBAColor, on image: inout RGBAImage) {
    for row in 0..<height {
      for column in 0..<width where values[row * width + column] > 0 {
        image.blend(
          color, x: left + column, y: top + row, coverage: Double(values[row * width + column]))
      }
    }
  }

  /// The mask's rows or columns between two coordinates.
  private func range(_ low: Double, _ high: Double, _ origin: Int, _ count: Int) -> Range<Int> {
    let limit = Double(count)
    let start = min(max((low - Double(origin)).rounded(.down), 0), limit)
    let end = min(max((high - Double(origin)).rounded(.up), start), limit)
    return Int(start)..<Int(end)
  }
}
