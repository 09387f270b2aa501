/// How a line is drawn: ends and corners are round.
package struct StrokeStyle: Equatable, Sendable {
  package var color: RGBAColor
  /// In points.
  package var width: Double
  /// Lengths of dash, gap, dash and so on in points; none for a solid line.
  package var dash: [Double]

  package init(color: RGBAColor, width: Double, dash: [Double] = []) {
    self.color = color
    self.width = width
    self.dash = dash
  }
}
