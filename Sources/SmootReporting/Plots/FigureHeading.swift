/// A figure's title and subtitle, at its top left.
struct FigureHeading {
  let title: String
  let subtitle: String

  static let titleStyle = TextStyle(size: 15, weight: .bold, color: Palette.text)
  static let subtitleStyle = TextStyle(size: 11.5, color: Palette.quietText)

  /// The lines of the title and of the subtitle in a width.
  private func lines(width: Double) -> [(String, TextStyle, height: Double)] {
    let titles = Self.titleStyle.wrapped(title, to: width, lines: 2)
    let subtitles = Self.subtitleStyle.wrapped(subtitle, to: width, lines: 3)
    return titles.map { ($0, Self.titleStyle, 20.0) }
      + subtitles.map { ($0, Self.subtitleStyle, 17.0) }
  }

  /// How high title and subtitle are together; 0 without them.
  func height(width: Double) -> Double {
    lines(width: width).reduce(0) { $0 + $1.height }
  }

  /// Title and subtitle from a place downwards.
  func marks(x: Double, y: Double, width: Double) -> [Mark] {
    var baseline = y
    return lines(width: width).map { text, style, height in
      baseline += height
      return .text(text, at: Point(x, baseline - 5), style)
    }
  }
}
