/// One thing that is drawn in a figure.
package indirect enum Mark: Equatable, Sendable {
  case rectangle(Rectangle, RGBAColor)
  case polygon([Point], RGBAColor)
  case circle(center: Point, radius: Double, RGBAColor)
  case line([Point], StrokeStyle)
  case text(String, at: Point, TextStyle)
  /// A picture whose pixels stay squares.
  case image(RGBAImage, Rectangle)
  /// Marks of which only what lies in a rectangle is seen.
  case clipped(Rectangle, [Mark])
}
