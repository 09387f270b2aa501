/// How a text is set.
package struct TextStyle: Equatable, Sendable {
  package enum Weight: Sendable { case regular, bold }

  /// Which end of the text is at the given place.
  package enum Anchor: Sendable { case start, middle, end }

  /// Font size in points.
  package var size: Double
  package var weight: Weight
  package var color: RGBAColor
  package var anchor: Anchor
  /// Whether the given place is at half the height of the capitals, not on the baseline.
  package var isCentred: Bool
  /// Whether the text runs upwards, turned by 90 degrees.
  package var isRotated: Bool

  package init(
    size: Double, weight: Weight = .regular, color: RGBAColor = RGBAColor(gray: 0x26),
    anchor: Anchor = .start, isCentred: Bool = false, isRotated: Bool = false
  ) {
    self.size = size
    self.weight = weight
    self.color = color
    self.anchor = anchor
    self.isCentred = isCentred
    self.isRotated = isRotated
  }

  /// The width of a text in points.
  package func width(of text: String) -> Double {
    StrokeFont.width(of: text, size: size, weight: weight)
  }

  /// The height of the capitals in points.
  package var capitalHeight: Double { StrokeFont.capitalHeight * size }

  /// The text, its middle replaced by an ellipsis where it is wider than `limit` points.
  package func shortened(_ text: String, to limit: Double) -> String {
    guard width(of: text) > limit else { return text }
    let characters = Array(text)
    var kept = characters.count - 1
    while kept > 1 {
      let head = (kept + 1) / 2
      let shorter = String(characters[..<head] + "…" + characters[(characters.count - kept / 2)...])
      if width(of: shorter) <= limit { return shorter }
      kept -= 1
    }
    return "…"
  }
}
