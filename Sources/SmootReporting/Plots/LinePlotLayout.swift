/// Where the parts of a line plot lie in its figure.
struct LinePlotLayout {
  let margin = 16.0
  /// The plot's box and numbers.
  let frame: PlotFrame
  /// The figure's height with its legend.
  let height: Double
  /// The legend and its upper left corner; nil for a single line without a name or no line.
  let legend: (Legend, Point)?

  /// Where lines are seen: the box with room for half a marker.
  var clip: Rectangle { frame.area.expanded(by: SeriesStyle.markerRadius + 1.5) }

  init(_ plot: LinePlot) {
    let xRange =
      plot.xRange ?? plot.xScale.range(covering: plot.series.flatMap(\.x), margin: 0.02)
    let yRange =
      plot.yRange ?? plot.yScale.range(covering: Self.heights(plot.series), margin: 0.05)
    let heading = FigureHeading(title: plot.title, subtitle: plot.subtitle)
    let top = 12 + heading.height(width: plot.width - 2 * margin) + 12
    let bottom = plot.xLabel.isEmpty ? 32.0 : 50.0
    let plotHeight = max(plot.height - top - bottom, 60)
    let left =
      margin - 6
      + PlotFrame.leftMargin(
        yRange, plot.yScale, height: plotHeight, hasLabel: !plot.yLabel.isEmpty)
    let left0 = left
    func frame(right: Double) -> PlotFrame {
      let area = Rectangle(
        x: left0.rounded(), y: top.rounded(),
        width: max(plot.width - left0 - right, 60).rounded(), height: plotHeight.rounded())
      return PlotFrame(
        area: area, xRange: xRange, yRange: yRange, isWholeX: plot.isWholeX,
        xScale: plot.xScale, yScale: plot.yScale)
    }
    let wide = frame(right: margin + 8)
    let entries = plot.series.enumerated().compactMap { index, line in
      line.name.isEmpty
        ? nil : Legend.Entry(name: line.name, style: SeriesStyle(line, index: index))
    }
    guard !entries.isEmpty else {
      (self.frame, height, legend) = (wide, plot.height, nil)
      return
    }
    var legend = Legend(entries: entries)
    let lines = Self.obstacles(plot.series, in: wide)
    if !plot.keepsLegendBelow,
      let corner = LegendPlacement.free(legend, in: wide.area, avoiding: lines)
    {
      legend.hasBox = true
      (self.frame, height, self.legend) = (wide, plot.height, (legend, corner))
    } else if !plot.keepsLegendBelow, legend.width <= plot.width * 0.28, legend.height <= plotHeight
    {
      let narrow = frame(right: legend.width + margin)
      let corner = Point(narrow.area.maxX + 12, narrow.area.y - 4)
      (self.frame, height, self.legend) = (narrow, plot.height, (legend, corner))
    } else {
      let below = legend.fitted(to: wide.area.width)
      let corner = Point(wide.area.x - Legend.padding, plot.height - 2)
      (self.frame, height, self.legend) = (wide, plot.height + below.height + 4, (below, corner))
    }
  }

  private static func heights(_ series: [LineSeries]) -> [Double] {
    series.flatMap { line in line.y + (line.band.map { $0.low + $0.high } ?? []) }
  }

  /// What a legend must not cover: lines and the edges of bands.
  private static func obstacles(_ series: [LineSeries], in frame: PlotFrame) -> [[Point]] {
    series.flatMap { line in
      line.runs.flatMap { run in
        ([line.y] + (line.band.map { [$0.low, $0.high] } ?? [])).map { heights in
          run.map { frame.point(line.x[$0], heights[$0]) }
        }
      }
    }
  }
}
