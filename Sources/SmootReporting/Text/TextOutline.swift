/// A text as pen strokes in pixels, its baseline and heights moved to whole pixels so that level
/// edges are sharp.
struct TextOutline {
  /// Lines drawn with one pen each, by the pen's radius in pixels.
  private(set) var strokes: [(radius: Double, lines: [[Point]])]

  /// Sets a text.
  ///
  /// - Parameters:
  ///   - text: one line.
  ///   - style: font size in points, weight, anchor.
  ///   - place: where its anchor is, in pixels.
  ///   - scale: pixels for each point.
  init(_ text: String, style: TextStyle, at place: Point, scale: Double) {
    let size = style.size * scale
    let unit = size / StrokeFont.unitsPerEm
    let pen = Self.wholePixels(size * StrokeFont.penWidth(style.weight))
    let grid = HeightGrid(unit: unit, pen: pen)
    let width = StrokeFont.width(of: text, size: size, weight: style.weight)
    let spacing = StrokeFont.spacing(style.weight) * unit
    let shift =
      switch style.anchor {
      case .start: 0.0
      case .middle: -width / 2
      case .end: -width
      }
    let drop = style.isCentred ? (grid.capitals + pen) / 2 : 0
    let isRotated = style.isRotated
    /// From a place in the text, x along it and y above its baseline, to the canvas.
    func canvas(_ x: Double, _ y: Double) -> Point {
      isRotated
        ? Point((place.x + drop).rounded() - y, place.y - x)
        : Point(place.x + x, (place.y + drop).rounded() - y)
    }
    var lines: [[Point]] = []
    var dots: [[Point]] = []
    var origin = shift + spacing / 2
    for character in text {
      let glyph = StrokeFont.glyph(of: character)
      for line in glyph.lines {
        lines.append(line.map { canvas(origin + $0.x * unit, grid.height($0.y)) })
      }
      for dot in glyph.dots {
        let center = canvas(origin + dot.x * unit, grid.height(dot.y))
        dots.append([center, center])
      }
      origin += glyph.advance * unit + spacing
    }
    strokes = [(pen / 2, lines), (pen * 0.64, dots)].filter { !$0.1.isEmpty }
  }

  /// The pen's width as whole pixels where it has at least one and a half.
  private static func wholePixels(_ width: Double) -> Double {
    width >= 1.5 ? width.rounded() : width
  }

  /// Where heights in glyph units come to lie above the baseline, in pixels.
  private struct HeightGrid {
    let unit: Double
    let pen: Double
    let smallLetters: Double
    let capitals: Double

    init(unit: Double, pen: Double) {
      self.unit = unit
      self.pen = pen
      // The upper edge of a stroke is half a pen above its middle, which is half a pen above the
      // baseline.
      func aligned(_ height: Double) -> Double { max((height * unit + pen).rounded() - pen, unit) }
      smallLetters = aligned(StrokeFont.smallLetters)
      capitals = aligned(StrokeFont.capitals)
    }

    func height(_ y: Double) -> Double {
      let low = StrokeFont.smallLetters
      let high = StrokeFont.capitals
      let aligned =
        if y <= 0 {
          y * unit
        } else if y <= low {
          y / low * smallLetters
        } else {
          smallLetters + (y - low) / (high - low) * (capitals - smallLetters)
        }
      return aligned + pen / 2
    }
  }
}
