/// A smooth way through colours that shows numbers from 0 to 1.
public struct ColorMap: Equatable, Sendable {
  /// What it is called in files.
  public let name: String
  /// The colours at equal steps from 0 to 1.
  public let colors: [RGBAColor]

  /// Makes a map from its colours at equal steps, two or more.
  public init(name: String, colors: [RGBAColor]) {
    precondition(colors.count > 1, "\(colors.count) colours do not make a map")
    self.name = name
    self.colors = colors
  }

  /// The colour of a number; numbers outside of [0, 1] have that of the nearer end, NaN that of 0.
  public func color(at value: Double) -> RGBAColor {
    let last = Double(colors.count - 1)
    let place = value > 0 ? (min(value, 1) * last).rounded() : 0
    return colors[Int(place)]
  }

  /// From black to white by the levels of sRGB, as images are stored.
  public static let grayscale = ColorMap(
    name: "grayscale", colors: (0...255).map { RGBAColor(gray: $0) })

  /// From near black over violet, red and orange to light yellow: lightness grows evenly, so it
  /// also reads in grey.
  public static let sequential = ColorMap(
    name: "sequential",
    colors: even { t in
      displayable(
        lightness: 0.15 + 0.82 * t, chroma: 0.03 + 0.14 * 4 * t * (1 - t),
        hue: 288 + 182 * t)
    })

  /// From blue over white, for zero, to red: both halves change alike in lightness, and
  /// colour-blind readers can tell them apart.
  public static let diverging = ColorMap(
    name: "diverging",
    colors: Array(half(hue: 255).reversed()) + half(hue: 32).dropFirst())

  /// One half of the diverging map: 128 colours from white on.
  private static func half(hue: Double) -> [RGBAColor] {
    (0..<128).map { step in
      let t = Double(step) / 127
      return displayable(lightness: 0.985 - 0.535 * t, chroma: 0.165 * t, hue: hue).color
    }
  }

  /// The colour, its chroma reduced as far as a screen needs it.
  private static func displayable(lightness: Double, chroma: Double, hue: Double) -> OKLab {
    let wanted = OKLab(lightness: lightness, chroma: chroma, hue: hue)
    if wanted.isDisplayable { return wanted }
    var low = 0.0
    var high = chroma
    for _ in 0..<30 {
      let middle = (low + high) / 2
      if OKLab(lightness: lightness, chroma: middle, hue: hue).isDisplayable {
        low = middle
      } else {
        high = middle
      }
    }
    return OKLab(lightness: lightness, chroma: low, hue: hue)
  }

  /// 256 colours at equal perceptual distances along a path.
  private static func even(_ path: (Double) -> OKLab) -> [RGBAColor] {
    let pieces = 4096
    let points = (0...pieces).map { path(Double($0) / Double(pieces)) }
    var lengths = [0.0]
    for (start, end) in zip(points, points.dropFirst()) {
      lengths.append(lengths[lengths.count - 1] + start.distance(to: end))
    }
    var place = 0
    return (0..<256).map { step in
      let wanted = lengths[pieces] * Double(step) / 255
      while place < pieces && lengths[place] < wanted { place += 1 }
      return points[place].color
    }
  }
}
