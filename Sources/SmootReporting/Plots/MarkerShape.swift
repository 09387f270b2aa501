/// The shape that stands on the points of a line.
public enum MarkerShape: String, Codable, CaseIterable, Sendable {
  /// A disc.
  case circle
  /// A square on its side.
  case square
  /// A triangle, point up.
  case triangle
  /// A square on its corner.
  case diamond
  /// A triangle, point down.
  case invertedTriangle

  /// The shape with a white rim that sets it off from lines.
  func marks(at center: Point, radius: Double, color: RGBAColor) -> [Mark] {
    [mark(at: center, radius: radius + 1, .white), mark(at: center, radius: radius, color)]
  }

  private func mark(at center: Point, radius: Double, _ color: RGBAColor) -> Mark {
    func polygon(_ corners: [(Double, Double)]) -> Mark {
      .polygon(corners.map { center + Point($0.0, $0.1) * radius }, color)
    }
    switch self {
    case .circle: return .circle(center: center, radius: radius, color)
    case .square: return polygon([(-0.88, -0.88), (0.88, -0.88), (0.88, 0.88), (-0.88, 0.88)])
    case .triangle: return polygon([(0, -1.25), (1.15, 0.85), (-1.15, 0.85)])
    case .diamond: return polygon([(0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)])
    case .invertedTriangle: return polygon([(0, 1.25), (1.15, -0.85), (-1.15, -0.85)])
    }
  }
}
