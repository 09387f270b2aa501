/// Where the parts of a picture grid lie in its figure.
struct ImageGridLayout {
  let margin = 16.0
  let width: Double
  let height: Double
  /// The upper edge of the colour bar.
  let barTop: Double
  private let magnification: Double
  private let cellWidth: Double
  private let cellHeight: Double
  private let gap: Double
  private let captionHeight: Double
  private let labelWidth: Double
  private let gridTop: Double
  private let gridLeft: Double

  static let titleStyle = TextStyle(size: 11, weight: .bold, color: Palette.text, anchor: .middle)
  static let labelStyle = TextStyle(
    size: 11, color: Palette.text, anchor: .end, isCentred: true)
  static let captionStyle = TextStyle(size: 10, color: Palette.quietText, anchor: .middle)
  private static let titleLine = 14.0
  private static let labelLimit = 130.0

  var contentWidth: Double { width - 2 * margin }

  init(_ grid: ImageGrid) {
    let cells = grid.rows.flatMap { $0.cells.compactMap { $0 } }
    let columns = max(grid.rows.map(\.cells.count).max() ?? 0, grid.columns.count, 1)
    let pixels = (cells.map(\.image.width).max() ?? 28, cells.map(\.image.height).max() ?? 28)
    magnification = grid.magnification ?? (pixels.0 <= 48 ? 3 : pixels.0 <= 128 ? 1 : 0.5)
    cellWidth = (Double(pixels.0) * magnification).rounded(.up)
    cellHeight = (Double(pixels.1) * magnification).rounded(.up)
    gap = grid.gap
    captionHeight = cells.contains { !$0.caption.isEmpty } ? 15 : 0
    let labels = grid.rows.flatMap {
      Self.labelStyle.wrapped($0.label, to: Self.labelLimit, lines: 3)
    }
    let widestLabel = labels.map(Self.labelStyle.width).max() ?? 0
    labelWidth = widestLabel > 0 ? (widestLabel + 10).rounded(.up) : 0
    let gridWidth = Double(columns) * (cellWidth + gap) - gap
    let contentWidth = max(labelWidth + gridWidth, 240)
    width = contentWidth + 2 * margin
    let heading = FigureHeading(title: grid.title, subtitle: grid.subtitle)
    let headingHeight = heading.height(width: contentWidth)
    let limit = cellWidth + gap - 2
    let titleLines = grid.columns.map {
      Self.titleStyle.wrapped($0, to: limit, lines: 3).count
    }
    let titleHeight = Double(titleLines.max() ?? 0) * Self.titleLine
    gridTop = (10 + headingHeight + (headingHeight > 0 ? 10 : 0) + titleHeight + 6).rounded()
    gridLeft = margin + labelWidth
    let rows = Double(max(grid.rows.count, 1))
    let gridBottom = gridTop + rows * (cellHeight + captionHeight + gap) - gap
    barTop = gridBottom + 16
    let barHeight = grid.colorBar.map { $0.height(width: contentWidth) + 16 } ?? 0
    height = gridBottom + barHeight + margin
  }

  private func corner(row: Int, column: Int) -> Point {
    Point(
      gridLeft + Double(column) * (cellWidth + gap),
      gridTop + Double(row) * (cellHeight + captionHeight + gap))
  }

  func columnTitles(_ titles: [String]) -> [Mark] {
    titles.enumerated().flatMap { column, title -> [Mark] in
      let lines = Self.titleStyle.wrapped(title, to: cellWidth + gap - 2, lines: 3)
      let center = corner(row: 0, column: column).x + cellWidth / 2
      return lines.reversed().enumerated().map { index, line in
        .text(
          line, at: Point(center, gridTop - 6 - Double(index) * Self.titleLine), Self.titleStyle)
      }
    }
  }

  func rowLabel(_ label: String, row: Int) -> [Mark] {
    let lines = Self.labelStyle.wrapped(label, to: Self.labelLimit, lines: 3)
    let middle = corner(row: row, column: 0).y + cellHeight / 2
    return lines.enumerated().map { index, line in
      let shift = (Double(index) - Double(lines.count - 1) / 2) * Self.titleLine
      return .text(line, at: Point(gridLeft - 10, middle + shift), Self.labelStyle)
    }
  }

  func marks(of cell: ImageGrid.Cell, row: Int, column: Int) -> [Mark] {
    let corner = corner(row: row, column: column)
    let size = (
      width: Double(cell.image.width) * magnification,
      height: Double(cell.image.height) * magnification
    )
    let area = Rectangle(
      x: corner.x + ((cellWidth - size.width) / 2).rounded(),
      y: corner.y + ((cellHeight - size.height) / 2).rounded(),
      width: size.width, height: size.height)
    // A hairline, so that white pictures have an edge.
    var marks: [Mark] = [
      .rectangle(area.expanded(by: 0.5), RGBAColor(gray: 0xC8)), .image(cell.image, area),
    ]
    if let note = cell.note { marks += Self.note(note, in: area) }
    if !cell.caption.isEmpty {
      let text = Self.captionStyle.shortened(cell.caption, to: cellWidth + gap - 2)
      let place = Point(corner.x + cellWidth / 2, corner.y + cellHeight + 12)
      marks.append(.text(text, at: place, Self.captionStyle))
    }
    return marks
  }

  private static func note(_ note: String, in area: Rectangle) -> [Mark] {
    let style = TextStyle(size: 10, color: Palette.text, anchor: .middle, isCentred: true)
    let text = style.shortened(note, to: area.width - 8)
    let width = style.width(of: text) + 8
    let box = Rectangle(x: area.midX - width / 2, y: area.midY - 8, width: width, height: 16)
    return [
      .rectangle(box, RGBAColor.white.opacity(0.85)),
      .text(text, at: Point(area.midX, area.midY), style),
    ]
  }
}
