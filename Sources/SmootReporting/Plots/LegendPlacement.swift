/// Where a legend goes: on the plot where no line is, else beside it, else below.
enum LegendPlacement: Equatable {
  /// On the plot, at this upper left corner.
  case inside(Point)
  /// At the right of the plot.
  case right
  /// Under the plot.
  case below

  /// The place on a plot's box that no line touches, the upper right first; nil if there is none.
  ///
  /// - Parameters:
  ///   - legend: the legend.
  ///   - area: the plot's box.
  ///   - lines: what must stay visible, in points.
  static func free(_ legend: Legend, in area: Rectangle, avoiding lines: [[Point]]) -> Point? {
    guard legend.width < area.width * 0.6, legend.height < area.height * 0.6 else { return nil }
    let inset = 8.0
    let columns = [
      area.maxX - inset - legend.width, area.x + inset, area.midX - legend.width / 2,
    ]
    let rows = [
      area.y + inset, area.maxY - inset - legend.height, area.midY - legend.height / 2,
    ]
    for y in rows {
      for x in columns {
        let box = Rectangle(x: x, y: y, width: legend.width, height: legend.height)
        if !isTouched(box.expanded(by: SeriesStyle.markerRadius + 2), by: lines) {
          return Point(x, y)
        }
      }
    }
    return nil
  }

  private static func isTouched(_ box: Rectangle, by lines: [[Point]]) -> Bool {
    lines.contains { line in
      if line.count == 1 { return box.contains(line[0]) }
      return zip(line, line.dropFirst()).contains { box.touchesLine(from: $0, to: $1) }
    }
  }
}
