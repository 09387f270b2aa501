import Foundation

/// How often numbers fall into equal intervals, for one or more sets of numbers.
public struct HistogramPlot: Sendable {
  /// A set of numbers.
  public struct Series: Sendable {
    /// What the legend calls it.
    public var name: String
    /// The numbers; what is not finite is left out and counted in the subtitle.
    public var values: [Double]
    /// The colour; nil for the palette's next.
    public var color: RGBAColor?

    /// Makes a set of numbers.
    public init(name: String, values: [Double], color: RGBAColor? = nil) {
      self.name = name
      self.values = values
      self.color = color
    }
  }

  /// What the plot shows.
  public var title: String
  /// Conditions that hold for all sets; minimum, median and maximum are added to it for a single
  /// set.
  public var subtitle: String
  /// Quantity and unit of the numbers.
  public var xLabel: String
  /// What is counted.
  public var yLabel: String
  /// The sets of numbers.
  public var series: [Series]
  /// About how many intervals at most.
  public var bins = 40
  /// What the horizontal axis spans; nil for the data.
  ///
  /// Numbers outside are left out and counted in the subtitle.
  public var xRange: ClosedRange<Double>?
  /// The figure's width in points.
  public var width = 800.0
  /// The figure's height in points.
  public var height = 460.0

  /// Makes a histogram.
  public init(
    title: String, subtitle: String = "", xLabel: String, yLabel: String = "images",
    series: [Series]
  ) {
    self.title = title
    self.subtitle = subtitle
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.series = series
  }

  /// The intervals' edges and how many numbers of a set lie in each; an interval has its lower
  /// edge, the last one both.
  package func counts() -> (edges: [Double], counts: [[Int]]) {
    let finite = series.flatMap(\.values).filter(\.isFinite)
    let low = xRange?.lowerBound ?? finite.min() ?? 0
    let high = max(xRange?.upperBound ?? finite.max() ?? 1, low)
    let length = high - low
    var step = length > 0 ? Ticks.step(for: length, count: bins) : 1
    if finite.allSatisfy({ $0 == $0.rounded() }) { step = max(step.rounded(.up), 1) }
    let first = (low / step + 1e-9).rounded(.down)
    let last = max((high / step - 1e-9).rounded(.up), first + 1)
    let edges = stride(from: first, through: last, by: 1).map { $0 * step }
    let counts = series.map { set in
      var counts = [Int](repeating: 0, count: edges.count - 1)
      for value in set.values where value.isFinite && value >= low && value <= high {
        let place = Int((value / step + 1e-9).rounded(.down) - first)
        counts[min(max(place, 0), counts.count - 1)] += 1
      }
      return counts
    }
    return (edges, counts)
  }

  /// The finished drawing.
  public func figure() -> Figure {
    let (edges, counts) = counts()
    let highest = max(counts.joined().max() ?? 0, 1)
    let xRange = AxisRange.widened((edges.first ?? 0)...(edges.last ?? 1), margin: 0.02)
    let yRange = 0...Double(highest) * 1.06
    let heading = FigureHeading(title: title, subtitle: fullSubtitle)
    let top = 12 + heading.height(width: width - 32) + 12
    let plotHeight = max(height - top - 50, 60).rounded()
    let left = (10 + PlotFrame.leftMargin(yRange, height: plotHeight, hasLabel: true)).rounded()
    let area = Rectangle(
      x: left, y: top.rounded(), width: max(width - left - 24, 60).rounded(), height: plotHeight)
    let frame = PlotFrame(area: area, xRange: xRange, yRange: yRange)
    let outlines = counts.map { Self.outline($0, edges: edges, in: frame) }
    let legend = placedLegend(in: frame, avoiding: outlines)
    var figure = Figure(
      width: width, height: height + (legend?.extra ?? 0),
      summary: "\(title): histogram of \(xLabel)")
    figure.add(contentsOf: heading.marks(x: 16, y: 12, width: width - 32))
    figure.add(contentsOf: frame.grid(vertical: false))
    for (index, outline) in outlines.enumerated() where counts[index].contains(where: { $0 > 0 }) {
      figure.add(.polygon(outline, color(index).opacity(series.count > 1 ? 0.22 : 0.5)))
    }
    for (index, outline) in outlines.enumerated() where counts[index].contains(where: { $0 > 0 }) {
      figure.add(.line(outline, StrokeStyle(color: color(index), width: 1.5)))
    }
    figure.add(contentsOf: frame.axes(xLabel: xLabel, yLabel: yLabel))
    if let legend { figure.add(contentsOf: legend.legend.marks(at: legend.corner)) }
    return figure
  }

  private func color(_ index: Int) -> RGBAColor { series[index].color ?? Palette.color(index) }

  /// The outline of all bars of a set, from the axis up and back to it.
  private static func outline(_ counts: [Int], edges: [Double], in frame: PlotFrame) -> [Point] {
    var points = [frame.point(edges[0], 0)]
    for (index, count) in counts.enumerated() {
      points.append(frame.point(edges[index], Double(count)))
      points.append(frame.point(edges[index + 1], Double(count)))
    }
    return points + [frame.point(edges[edges.count - 1], 0)]
  }

  private func placedLegend(
    in frame: PlotFrame, avoiding outlines: [[Point]]
  ) -> (legend: Legend, corner: Point, extra: Double)? {
    guard series.count > 1 else { return nil }
    var legend = Legend(
      entries: series.enumerated().map { index, set in
        let style = SeriesStyle(color: color(index))
        return Legend.Entry(
          name: "\(set.name)  \(Self.spread(set.values))", style: style, isBox: true)
      })
    // Bars are solid: a box inside of one touches no outline, so each bar's height counts as a line
    // down to the axis.
    let bars = outlines.flatMap { outline in
      outline.map { [$0, Point($0.x, frame.area.maxY)] }
    }
    if let corner = LegendPlacement.free(legend, in: frame.area, avoiding: outlines + bars) {
      legend.hasBox = true
      return (legend, corner, 0)
    }
    legend = legend.fitted(to: frame.area.width)
    return (legend, Point(frame.area.x - Legend.padding, height - 2), legend.height + 4)
  }

  private var fullSubtitle: String {
    let values = series.flatMap(\.values)
    let notFinite = values.count { !$0.isFinite }
    let outside = values.count { value in
      value.isFinite && !(xRange?.contains(value) ?? true)
    }
    let parts = [
      subtitle, series.count == 1 ? Self.spread(series[0].values) : "",
      notFinite > 0 ? "\(NumberFormat.grouped(notFinite)) not finite" : "",
      outside > 0 ? "\(NumberFormat.grouped(outside)) outside of the axis" : "",
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: " · ")
  }

  /// Count, minimum, median and maximum in words.
  private static func spread(_ values: [Double]) -> String {
    let sorted = values.filter(\.isFinite).sorted()
    guard let low = sorted.first, let high = sorted.last,
      let median = Statistics.percentile(50, ofSorted: sorted)
    else { return "no numbers" }
    let texts = [low, median, high].map { NumberFormat.brief($0) }
    return "min \(texts[0]), median \(texts[1]), max \(texts[2])"
  }
}
