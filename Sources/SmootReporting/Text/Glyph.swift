/// The strokes of one character, in units of which ``StrokeFont/unitsPerEm`` make the font size; y
/// grows upwards from the baseline.
struct Glyph: Sendable {
  /// How far the next character stands.
  var advance: Double
  /// Lines along the middle of the pen's way.
  var lines: [[Point]]
  /// Places of dots, which are a little thicker than lines.
  var dots: [Point]

  /// Reads a glyph from its description: left bearing, width, right bearing, then pen moves.
  ///
  /// Bearings: `s` beside stems, `r` beside rounds, `d` beside diagonals, or a number.
  /// Moves: `M x y` lift and go, `L x y` straight line, `C` cubic curve, `D x y` dot, and quarters
  /// of an ellipse: `U x y` leaves upright, `F x y` leaves flat.
  init(_ description: String) {
    let words = description.split(separator: " ")
    precondition(words.count >= 3, "a glyph needs two bearings and a width: \(description)")
    let left = Self.bearing(words[0])
    advance = left + Self.number(words[1]) + Self.bearing(words[2])
    lines = []
    dots = []
    var pen = Point(0, 0)
    var place = 3
    while place < words.count {
      let command = words[place]
      let count = command == "C" ? 6 : 2
      precondition(place + count < words.count, "a pen move lacks numbers: \(description)")
      let numbers = (1...count).map { Self.number(words[place + $0]) }
      place += count + 1
      let points = stride(from: 0, to: count, by: 2).map {
        Point(numbers[$0] + left, numbers[$0 + 1])
      }
      let end = points[points.count - 1]
      switch command {
      case "M": lines.append([end])
      case "D": dots.append(end)
      case "L": append([end])
      case "C": append(Self.curve(pen, points[0], points[1], end))
      case "U": append(Self.quarter(from: pen, to: end, corner: Point(pen.x, end.y)))
      case "F": append(Self.quarter(from: pen, to: end, corner: Point(end.x, pen.y)))
      default: preconditionFailure("unknown pen move \(command): \(description)")
      }
      pen = end
    }
  }

  private mutating func append(_ points: [Point]) {
    precondition(!lines.isEmpty, "a glyph's first pen move must be M")
    lines[lines.count - 1] += points
  }

  /// A quarter of an ellipse, a little squared, as in most sans-serif faces.
  private static func quarter(from start: Point, to end: Point, corner: Point) -> [Point] {
    let handle = 0.6
    return curve(start, start + (corner - start) * handle, end + (corner - end) * handle, end)
  }

  private static func curve(_ a: Point, _ b: Point, _ c: Point, _ d: Point) -> [Point] {
    let pieces = 10
    return (1...pieces).map { step in
      let t = Double(step) / Double(pieces)
      let s = 1 - t
      return a * (s * s * s) + b * (3 * s * s * t) + c * (3 * s * t * t) + d * (t * t * t)
    }
  }

  private static func bearing(_ word: Substring) -> Double {
    switch word {
    case "s": 2.3
    case "r": 1.75
    case "d": 1.1
    default: number(word)
    }
  }

  private static func number(_ word: Substring) -> Double {
    guard let value = Double(word) else { preconditionFailure("\(word) is not a number") }
    return value
  }
}
