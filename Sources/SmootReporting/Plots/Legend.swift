/// Which line is which: samples of lines with their names, in columns.
struct Legend {
  /// A name and the look of its sample.
  struct Entry {
    var name: String
    var style: SeriesStyle
    /// Whether the sample is a filled box instead of a line.
    var isBox = false
  }

  let entries: [Entry]
  /// How many columns the entries stand in, row by row.
  var columns = 1
  /// The widest that a column may be, in points; longer names are shortened.
  var columnLimit = Double.infinity
  /// Whether the legend lies on the plot and needs a ground.
  var hasBox = false

  static let style = TextStyle(size: 11, color: Palette.text)
  static let rowHeight = 18.0
  static let padding = 8.0
  private static let sample = 36.0
  private static let gap = 8.0
  private static let columnGap = 20.0

  private var rows: Int { (entries.count + columns - 1) / columns }

  private var columnWidth: Double {
    let widest = entries.map { Self.style.width(of: $0.name) }.max() ?? 0
    return min(widest + Self.sample + Self.gap, columnLimit)
  }

  var width: Double {
    Double(columns) * columnWidth + Double(columns - 1) * Self.columnGap + 2 * Self.padding
  }

  var height: Double { Double(rows) * Self.rowHeight + 2 * Self.padding - 4 }

  /// The legend in as many columns as fit a width.
  func fitted(to width: Double) -> Legend {
    var result = self
    result.columnLimit = width - 2 * Self.padding
    let room = width - 2 * Self.padding + Self.columnGap
    let most = Int(room / (result.columnWidth + Self.columnGap))
    result.columns = min(max(most, 1), max(entries.count, 1))
    // As few columns as give the same number of rows.
    let rows = result.rows
    result.columns = max(1, (entries.count + rows - 1) / max(rows, 1))
    return result
  }

  /// The legend from its upper left corner.
  func marks(at corner: Point) -> [Mark] {
    var marks: [Mark] = []
    if hasBox {
      let area = Rectangle(x: corner.x, y: corner.y, width: width, height: height)
      marks.append(.rectangle(area, RGBAColor.white.opacity(0.88)))
    }
    for (index, entry) in entries.enumerated() {
      let x = corner.x + Self.padding + Double(index % columns) * (columnWidth + Self.columnGap)
      let y = corner.y + Self.padding - 2 + (Double(index / columns) + 0.5) * Self.rowHeight
      marks += Self.sample(entry, x: x, y: y)
      var style = Self.style
      style.isCentred = true
      let name = style.shortened(entry.name, to: columnWidth - Self.sample - Self.gap + 0.01)
      marks.append(.text(name, at: Point(x + Self.sample + Self.gap, y), style))
    }
    return marks
  }

  private static func sample(_ entry: Entry, x: Double, y: Double) -> [Mark] {
    if entry.isBox {
      let box = Rectangle(x: x + sample - 16, y: y - 5, width: 16, height: 10)
      return [.rectangle(box, entry.style.color)]
    }
    let line = Mark.line([Point(x + 1, y), Point(x + sample - 1, y)], entry.style.stroke)
    let marker = entry.style.marker?.marks(
      at: Point(x + sample / 2, y), radius: SeriesStyle.markerRadius, color: entry.style.color)
    return [line] + (marker ?? [])
  }
}
