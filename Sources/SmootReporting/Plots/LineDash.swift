/// Which dashes a line has, so that lines differ without their colour, too.
public enum LineDash: String, Codable, CaseIterable, Sendable {
  /// Without gaps.
  case solid
  /// Long dashes.
  case dashed
  /// Dash and dot in turn.
  case dashDotted
  /// Dots.
  case dotted

  /// Lengths of dash, gap and so on in points for a width; round ends make dashes longer and gaps
  /// shorter.
  func lengths(width: Double) -> [Double] {
    switch self {
    case .solid: []
    case .dashed: [width * 3, width * 2.6]
    case .dashDotted: [width * 3.6, width * 2.4, width * 0.01, width * 2.4]
    case .dotted: [width * 0.01, width * 2.2]
    }
  }
}
