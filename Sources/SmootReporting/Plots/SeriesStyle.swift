/// How a line and its legend entry are drawn.
struct SeriesStyle: Equatable {
  var color: RGBAColor
  var dash: LineDash
  var marker: MarkerShape?

  /// The line's width in points.
  var width: Double

  /// Lines of more points have no markers.
  static let densePoints = 30
  static let markerRadius = 3.4

  /// The given style, or the default of a line by its number.
  ///
  /// Lines of few points differ in colour, dashes and shapes. Lines of many points would look torn
  /// with dashes, so those begin
  /// when the colours repeat, and the lines are thinner.
  init(_ series: LineSeries, index: Int) {
    color = series.color ?? Palette.color(index)
    let isDense = series.x.count > Self.densePoints
    let turn = isDense ? index / Palette.series.count : index
    dash = series.dash ?? LineDash.allCases[turn % LineDash.allCases.count]
    let shape = MarkerShape.allCases[index % MarkerShape.allCases.count]
    marker = series.hasMarkers ? series.marker ?? (isDense ? nil : shape) : nil
    width = isDense ? 1.6 : 2.2
  }

  init(color: RGBAColor, dash: LineDash = .solid, marker: MarkerShape? = nil) {
    self.color = color
    self.dash = dash
    self.marker = marker
    width = 2.2
  }

  var stroke: StrokeStyle {
    StrokeStyle(color: color, width: width, dash: dash.lengths(width: width))
  }
}
