/// How numbers are distributed at several places, one column of colours for each place: the lighter, the more.
///
/// Colours follow the square root, so that a distribution that has spread stays visible beside one that has not.
public struct DensityPlot: Sendable {
  /// What the plot shows; may be empty.
  public var title: String
  /// Quantity and unit of the horizontal axis, whose places are whole numbers.
  public var xLabel: String
  /// Quantity and unit of the numbers.
  public var yLabel: String
  /// What the colours stand for, with its unit.
  public var colorLabel: String
  /// For each place how much lies in each of the intervals; the places ascend.
  public var columns: [(place: Int, values: [Double])]
  /// What the intervals span together.
  public var yRange: ClosedRange<Double>
  /// The figure's width in points.
  public var width = 440.0
  /// The figure's height in points.
  public var height = 300.0

  /// Makes a plot; all columns have as many values, one or more.
  public init(
    title: String = "", xLabel: String, yLabel: String, colorLabel: String,
    columns: [(place: Int, values: [Double])], yRange: ClosedRange<Double>
  ) {
    let counts = Set(columns.map(\.values.count))
    precondition(counts.count == 1 && counts != [0], "columns of \(counts) intervals")
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.colorLabel = colorLabel
    self.columns = columns
    self.yRange = yRange
  }

  private static let barWidth = 12.0
  private static let barMargin = 74.0
  private static let colorMap = ColorMap.sequential

  /// The finished drawing.
  public func figure() -> Figure {
    let heading = FigureHeading(title: title, subtitle: "")
    let top = (12 + heading.height(width: width - 32)).rounded()
    let range = AxisRange.widened(yRange, margin: 0)
    let plotHeight = max(height - top - 50, 60).rounded()
    let left = (10 + PlotFrame.leftMargin(range, height: plotHeight, hasLabel: true)).rounded()
    let area = Rectangle(
      x: left, y: top, width: max(width - left - Self.barMargin, 60).rounded(),
      height: plotHeight)
    let places = columns.map(\.place)
    let (first, last) = (places.min() ?? 0, places.max() ?? 0)
    let frame = PlotFrame(
      area: area, xRange: Double(first) - 0.5...Double(last) + 0.5, yRange: range, isWholeX: true)
    let greatest = columns.flatMap(\.values).filter(\.isFinite).max() ?? 0
    var figure = Figure(width: width, height: height, summary: summary)
    figure.add(contentsOf: heading.marks(x: 16, y: 12, width: width - 32))
    figure.add(.image(picture(first, last, greatest), area))
    figure.add(contentsOf: frame.axes(xLabel: xLabel, yLabel: yLabel))
    figure.add(contentsOf: bar(beside: area, greatest))
    return figure
  }

  private var summary: String {
    "\(title.isEmpty ? "" : title + ": ")\(colorLabel) of each \(yLabel) against \(xLabel)"
  }

  /// One pixel for each place and interval; places without a column are clear.
  private func picture(_ first: Int, _ last: Int, _ greatest: Double) -> RGBAImage {
    let rows = columns.first?.values.count ?? 1
    var image = RGBAImage(width: last - first + 1, height: rows, fill: .clear)
    for column in columns {
      for (row, value) in column.values.enumerated() {
        image[column.place - first, rows - 1 - row] = Self.colorMap.color(
          at: greatest > 0 ? (value / greatest).squareRoot() : 0)
      }
    }
    return image
  }

  /// The strip of colours with its numbers, at the right of the plot.
  private func bar(beside area: Rectangle, _ greatest: Double) -> [Mark] {
    let colors = Self.colorMap.colors
    var strip = RGBAImage(width: 1, height: colors.count)
    for (place, color) in colors.enumerated() { strip[0, colors.count - 1 - place] = color }
    let box = Rectangle(x: area.maxX + 12, y: area.y, width: Self.barWidth, height: area.height)
    var marks: [Mark] = [.image(strip, box)]
    var style = PlotFrame.tickStyle
    style.isCentred = true
    for share in [0, 0.5, 1] {
      let text = NumberFormat.significant(greatest * share * share, digits: 2)
      let place = Point(box.maxX + 4, box.maxY - share * box.height)
      marks.append(.text(text, at: place, style))
    }
    var label = PlotFrame.labelStyle
    (label.anchor, label.isRotated) = (.middle, true)
    marks.append(.text(colorLabel, at: Point(box.maxX + 44, area.midY), label))
    return marks
  }
}
