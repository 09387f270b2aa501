/// One line of a plot.
public struct LineSeries: Sendable {
  /// What the legend calls it.
  public var name: String
  /// Where its points lie from left to right.
  public let x: [Double]
  /// The points' heights; what is not finite leaves a gap.
  public let y: [Double]
  /// The lower and upper edge of the band around the line, one for each point each.
  public let band: (low: [Double], high: [Double])?
  /// The colour; nil for the palette's next.
  public var color: RGBAColor?
  /// The dashes; nil for the next kind, which changes with the colour up to 30 points and after all
  /// colours beyond.
  public var dash: LineDash?
  /// The shape on each point; nil for the next shape, or none beyond 30 points.
  public var marker: MarkerShape?
  /// Whether points have markers at all.
  public var hasMarkers = true

  /// Makes a line from its points.
  public init(
    name: String, x: [Double], y: [Double], band: (low: [Double], high: [Double])? = nil,
    color: RGBAColor? = nil, dash: LineDash? = nil, marker: MarkerShape? = nil
  ) {
    precondition(x.count == y.count, "\(x.count) places do not fit \(y.count) heights")
    if let band {
      precondition(
        band.low.count == y.count && band.high.count == y.count,
        "a band of \(band.low.count) and \(band.high.count) heights does not fit \(y.count) points")
    }
    self.name = name
    self.x = x
    self.y = y
    self.band = band
    self.color = color
    self.dash = dash
    self.marker = marker
  }

  /// The points without gaps: runs of indices whose numbers are all finite.
  var runs: [Range<Int>] {
    var runs: [Range<Int>] = []
    var start: Int?
    for index in 0...x.count {
      let isDrawn = index < x.count && isFinite(index)
      if isDrawn {
        start = start ?? index
      } else if let first = start {
        runs.append(first..<index)
        start = nil
      }
    }
    return runs
  }

  private func isFinite(_ index: Int) -> Bool {
    x[index].isFinite && y[index].isFinite
      && (band.map { $0.low[index].isFinite && $0.high[index].isFinite } ?? true)
  }
}
