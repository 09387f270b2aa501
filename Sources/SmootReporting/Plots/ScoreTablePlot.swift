/// A table of numbers whose cells are the bluer the better a number is.
public struct ScoreTablePlot: Sendable {
  /// A number with what people see.
  public struct Cell: Sendable {
    /// What is written; may be empty.
    public var text: String
    /// How good it is: 0 for the worst, 1 for the best; nil without a colour.
    public var goodness: Double?

    /// Makes a cell.
    public init(_ text: String, goodness: Double?) {
      self.text = text
      self.goodness = goodness
    }
  }

  /// Numbers side by side.
  public struct Row: Sendable {
    /// What the numbers have in common.
    public var label: String
    /// The cells from left to right.
    public var cells: [Cell]

    /// Makes a row.
    public init(label: String, cells: [Cell]) {
      self.label = label
      self.cells = cells
    }
  }

  /// Rows that belong together.
  public struct Group: Sendable {
    /// What stands above the rows.
    public var title: String
    /// The rows from top to bottom.
    public var rows: [Row]

    /// Makes a group.
    public init(title: String, rows: [Row]) {
      self.title = title
      self.rows = rows
    }
  }

  /// What the table shows.
  public var title: String
  /// Conditions that hold for all numbers.
  public var subtitle: String
  /// Titles above the columns.
  public var columns: [String]
  /// The rows.
  public var groups: [Group]

  /// Makes a table.
  public init(title: String, subtitle: String = "", columns: [String], groups: [Group]) {
    self.title = title
    self.subtitle = subtitle
    self.columns = columns
    self.groups = groups
  }

  private static let margin = 16.0
  private static let cell = (width: 84.0, height: 24.0)
  private static let headingStyle = TextStyle(
    size: 10.5, weight: .bold, color: Palette.text, anchor: .middle)
  private static let labelStyle = TextStyle(
    size: 11, color: Palette.text, anchor: .end, isCentred: true)
  private static let groupStyle = TextStyle(size: 11.5, weight: .bold, color: Palette.text)
  private static let numberStyle = TextStyle(
    size: 10.5, color: Palette.text, anchor: .middle, isCentred: true)
  private static let lineHeight = 13.0
  private static let groupHeight = 26.0

  /// The colour of a cell: white for the worst, blue for the best, light enough for dark text.
  private static func color(_ goodness: Double) -> RGBAColor {
    Palette.color(0).over(.white, coverage: 0.62 * min(max(goodness, 0), 1))
  }

  /// The finished drawing.
  public func figure() -> Figure {
    let margin = Self.margin
    let labels = groups.flatMap { $0.rows.map(\.label) }
    let labelWidth = (labels.map(Self.labelStyle.width).max() ?? 0) + 10
    let titles = columns.map {
      Self.headingStyle.wrapped($0, to: Self.cell.width - 6, lines: 4)
    }
    let titleHeight = Double(titles.map(\.count).max() ?? 0) * Self.lineHeight + 8
    let contentWidth = max(260, labelWidth + Double(columns.count) * Self.cell.width)
    let heading = FigureHeading(title: title, subtitle: subtitle)
    let top = 10 + heading.height(width: contentWidth) + 12 + titleHeight
    let rows = groups.reduce(0) { $0 + $1.rows.count }
    let named = groups.count { !$0.title.isEmpty }
    let height =
      top + Double(rows) * Self.cell.height + Double(named) * Self.groupHeight + margin
    var figure = Figure(width: contentWidth + 2 * margin, height: height, summary: title)
    figure.add(contentsOf: heading.marks(x: margin, y: 10, width: contentWidth))
    for (column, lines) in titles.enumerated() {
      let middle = margin + labelWidth + (Double(column) + 0.5) * Self.cell.width
      for (index, line) in lines.reversed().enumerated() {
        let place = Point(middle, top - 8 - Double(index) * Self.lineHeight)
        figure.add(.text(line, at: place, Self.headingStyle))
      }
    }
    var y = top
    for group in groups {
      if !group.title.isEmpty {
        figure.add(.text(group.title, at: Point(margin, y + 18), Self.groupStyle))
        y += Self.groupHeight
      }
      for row in group.rows {
        figure.add(contentsOf: marks(of: row, left: margin + labelWidth, top: y))
        y += Self.cell.height
      }
    }
    return figure
  }

  private func marks(of row: Row, left: Double, top: Double) -> [Mark] {
    let middle = top + Self.cell.height / 2
    var marks: [Mark] = [.text(row.label, at: Point(left - 10, middle), Self.labelStyle)]
    for (column, cell) in row.cells.enumerated() {
      let area = Rectangle(
        x: left + Double(column) * Self.cell.width, y: top, width: Self.cell.width,
        height: Self.cell.height)
      let color = cell.goodness.map(Self.color) ?? RGBAColor(gray: 0xF2)
      marks.append(.rectangle(area.expanded(by: -1), color))
      let text = Self.numberStyle.shortened(cell.text, to: Self.cell.width - 6)
      marks.append(.text(text, at: Point(area.midX, area.midY), Self.numberStyle))
    }
    return marks
  }
}
