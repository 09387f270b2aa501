/// A plot of lines with bands, a grid, round numbers at its axes and a legend that covers no line.
public struct LinePlot: Sendable {
  /// What the plot shows.
  public var title: String
  /// Conditions that hold for all lines; may be empty.
  public var subtitle: String
  /// Quantity and unit of the horizontal axis.
  public var xLabel: String
  /// Quantity and unit of the vertical axis.
  public var yLabel: String
  /// The lines; later ones lie over earlier ones.
  public var series: [LineSeries]
  /// What the horizontal axis spans; nil for the data with a small margin.
  public var xRange: ClosedRange<Double>?
  /// What the vertical axis spans; nil for the data with a small margin.
  public var yRange: ClosedRange<Double>?
  /// Whether the horizontal axis has whole numbers only, such as epochs.
  public var isWholeX = false
  /// How numbers lie from left to right.
  public var xScale = AxisScale.linear
  /// How numbers lie from bottom to top.
  public var yScale = AxisScale.linear
  /// Whether the legend always stands below the plot, so that plots side by side have boxes of one size.
  public var keepsLegendBelow = false
  /// The figure's width in points.
  public var width = 800.0
  /// The figure's height in points; a legend below the plot adds to it.
  public var height = 500.0

  /// Makes a plot.
  public init(
    title: String, subtitle: String = "", xLabel: String, yLabel: String, series: [LineSeries],
    xRange: ClosedRange<Double>? = nil, yRange: ClosedRange<Double>? = nil
  ) {
    self.title = title
    self.subtitle = subtitle
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.series = series
    self.xRange = xRange
    self.yRange = yRange
  }

  /// The finished drawing.
  public func figure() -> Figure {
    let layout = LinePlotLayout(self)
    var figure = Figure(width: width, height: layout.height, summary: summary)
    let heading = FigureHeading(title: title, subtitle: subtitle)
    figure.add(
      contentsOf: heading.marks(x: layout.margin, y: 12, width: width - 2 * layout.margin))
    figure.add(contentsOf: layout.frame.grid())
    figure.add(.clipped(layout.clip, bands(in: layout.frame)))
    figure.add(.clipped(layout.clip, lines(in: layout.frame)))
    figure.add(contentsOf: layout.frame.axes(xLabel: xLabel, yLabel: yLabel))
    if series.allSatisfy({ $0.runs.isEmpty }) {
      let style = TextStyle(size: 14, color: Palette.quietText, anchor: .middle, isCentred: true)
      figure.add(.text("no data", at: Point(layout.frame.area.midX, layout.frame.area.midY), style))
    }
    if let (legend, corner) = layout.legend { figure.add(contentsOf: legend.marks(at: corner)) }
    return figure
  }

  private var summary: String {
    let names = series.map(\.name).joined(separator: ", ")
    return "\(title): \(yLabel) against \(xLabel)" + (names.isEmpty ? "" : " of \(names)")
  }

  private func bands(in frame: PlotFrame) -> [Mark] {
    series.enumerated().flatMap { index, line in
      let color = SeriesStyle(line, index: index).color.opacity(0.16)
      return line.runs.compactMap { run -> Mark? in
        guard let band = line.band, run.count > 1 else { return nil }
        let high = run.map { frame.point(line.x[$0], band.high[$0]) }
        let low = run.reversed().map { frame.point(line.x[$0], band.low[$0]) }
        return .polygon(high + low, color)
      }
    }
  }

  private func lines(in frame: PlotFrame) -> [Mark] {
    series.enumerated().flatMap { index, line -> [Mark] in
      let style = SeriesStyle(line, index: index)
      return line.runs.flatMap { run -> [Mark] in
        let points = run.map { frame.point(line.x[$0], line.y[$0]) }
        let stroke: [Mark] = points.count > 1 ? [.line(points, style.stroke)] : []
        // A point without neighbours would be invisible without its marker.
        guard let marker = style.marker ?? (points.count == 1 ? .circle : nil) else {
          return stroke
        }
        return stroke
          + points.flatMap {
            marker.marks(at: $0, radius: SeriesStyle.markerRadius, color: style.color)
          }
      }
    }
  }
}
