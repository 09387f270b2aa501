/// A strip of a colour map's colours with the numbers that they stand for, and the scale in words.
public struct ColorBar: Sendable {
  /// The colours.
  public var colorMap: ColorMap
  /// The scale of the maps that the bar explains.
  public var scale: HeatmapScale

  /// Makes the bar of maps that a renderer made with a scale.
  public init(_ renderer: HeatmapRenderer, scale: HeatmapScale) {
    colorMap = renderer.colorMap
    self.scale = scale
  }

  private static let tickStyle = TextStyle(size: 10, color: Palette.quietText, anchor: .middle)
  private static let textStyle = TextStyle(size: 10.5, color: Palette.quietText)
  private static let thickness = 11.0
  private static let length = 180.0
  /// Room for half of the first number.
  private static let inset = 16.0

  private func lines(width: Double) -> [String] {
    Self.textStyle.wrapped("Colour scale: " + scale.summary, to: width, lines: 4)
  }

  private var hasBar: Bool { scale.status == .scaled }

  /// The bar with its words alone.
  ///
  /// - Parameter width: in points.
  public func figure(width: Double) -> Figure {
    var figure = Figure(
      width: width, height: height(width: width), summary: "Colour scale: \(scale.summary)")
    figure.add(contentsOf: marks(at: Point(0, 1), width: width))
    return figure
  }

  /// How high the bar with its text is in a width.
  func height(width: Double) -> Double {
    (hasBar ? Self.thickness + 22 : 0) + Double(lines(width: width).count) * 15
  }

  /// Bar and text from an upper left corner.
  func marks(at corner: Point, width: Double) -> [Mark] {
    var marks: [Mark] = []
    var y = corner.y
    if hasBar {
      marks += bar(at: corner, width: min(Self.length, width - 2 * Self.inset))
      y += Self.thickness + 22
    }
    for line in lines(width: width) {
      marks.append(.text(line, at: Point(corner.x, y + 10), Self.textStyle))
      y += 15
    }
    return marks
  }

  private func bar(at corner: Point, width: Double) -> [Mark] {
    let x = corner.x + Self.inset
    let colors = colorMap.colors
    var strip = RGBAImage(width: colors.count, height: 1)
    for (place, color) in colors.enumerated() { strip[place, 0] = color }
    let area = Rectangle(x: x, y: corner.y, width: width, height: Self.thickness)
    var marks: [Mark] = [
      .rectangle(area.expanded(by: 0.5), Palette.axis), .image(strip, area),
    ]
    let isSigned = scale.sign == .signed
    let values = isSigned ? [-scale.limit, 0, scale.limit] : [0, scale.limit / 2, scale.limit]
    for (share, value) in zip([0, 0.5, 1], values) {
      let place = Point(x + width * share, area.maxY)
      marks.append(
        .line([place, place + Point(0, 3)], StrokeStyle(color: Palette.axis, width: 1)))
      let text = NumberFormat.typeset(NumberFormat.significant(value, digits: 2))
      marks.append(.text(text, at: place + Point(0, 14), Self.tickStyle))
    }
    return marks
  }
}
