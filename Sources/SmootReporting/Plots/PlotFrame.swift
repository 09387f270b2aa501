/// The box of a plot: where numbers lie in the figure, and its grid, axes and labels.
struct PlotFrame {
  /// The box inside of the axes.
  let area: Rectangle
  /// The numbers from left to right.
  let xRange: ClosedRange<Double>
  /// The numbers from bottom to top.
  let yRange: ClosedRange<Double>
  /// Whether the horizontal axis has whole numbers only.
  var isWholeX = false
  /// How numbers lie from left to right.
  var xScale = AxisScale.linear
  /// How numbers lie from bottom to top.
  var yScale = AxisScale.linear

  static let tickStyle = TextStyle(size: 11, color: Palette.quietText)
  static let labelStyle = TextStyle(size: 12, color: Palette.text)

  var xTicks: Ticks {
    xScale.ticks(in: xRange, count: max(2, Int(area.width / 60)), isWhole: isWholeX)
  }
  var yTicks: Ticks { Self.yTicks(yRange, yScale, height: area.height) }

  static func yTicks(
    _ range: ClosedRange<Double>, _ scale: AxisScale, height: Double
  ) -> Ticks {
    scale.ticks(in: range, count: max(2, Int(height / 45)))
  }

  /// The room that the vertical axis' labels need at the left of the box.
  static func leftMargin(
    _ range: ClosedRange<Double>, _ scale: AxisScale = .linear, height: Double, hasLabel: Bool
  ) -> Double {
    let labels = yTicks(range, scale, height: height).labels.map {
      tickStyle.width(of: NumberFormat.typeset($0))
    }
    return (labels.max() ?? 0) + 10 + (hasLabel ? 24 : 6)
  }

  /// The place of a number pair in the figure.
  func point(_ x: Double, _ y: Double) -> Point {
    Point(
      area.x + xScale.place(of: x, in: xRange) * area.width,
      area.maxY - yScale.place(of: y, in: yRange) * area.height)
  }

  /// The lines that go under the data.
  func grid(vertical: Bool = true) -> [Mark] {
    let style = StrokeStyle(color: Palette.grid, width: 1)
    var marks = yTicks.values.map { value in
      let y = point(xRange.lowerBound, value).y
      return Mark.line([Point(area.x, y), Point(area.maxX, y)], style)
    }
    if vertical {
      marks += xTicks.values.map { value in
        let x = point(value, yRange.lowerBound).x
        return Mark.line([Point(x, area.y), Point(x, area.maxY)], style)
      }
    }
    return marks
  }

  /// The axes with their ticks, numbers and labels, over the data.
  func axes(xLabel: String, yLabel: String) -> [Mark] {
    let style = StrokeStyle(color: Palette.axis, width: 1)
    var marks: [Mark] = [
      .line([Point(area.x, area.y), Point(area.x, area.maxY)], style),
      .line([Point(area.x, area.maxY), Point(area.maxX, area.maxY)], style),
    ]
    for (value, label) in zip(xTicks.values, xTicks.labels) {
      let x = point(value, yRange.lowerBound).x
      marks.append(.line([Point(x, area.maxY), Point(x, area.maxY + 4)], style))
      var text = Self.tickStyle
      text.anchor = .middle
      marks.append(.text(NumberFormat.typeset(label), at: Point(x, area.maxY + 17), text))
    }
    for (value, label) in zip(yTicks.values, yTicks.labels) {
      let y = point(xRange.lowerBound, value).y
      marks.append(.line([Point(area.x - 4, y), Point(area.x, y)], style))
      var text = Self.tickStyle
      text.anchor = .end
      text.isCentred = true
      marks.append(.text(NumberFormat.typeset(label), at: Point(area.x - 8, y), text))
    }
    return marks + labels(xLabel: xLabel, yLabel: yLabel)
  }

  private func labels(xLabel: String, yLabel: String) -> [Mark] {
    var style = Self.labelStyle
    style.anchor = .middle
    var marks: [Mark] = []
    if !xLabel.isEmpty {
      let text = style.shortened(xLabel, to: area.width)
      marks.append(.text(text, at: Point(area.midX, area.maxY + 37), style))
    }
    if !yLabel.isEmpty {
      style.isRotated = true
      let text = style.shortened(yLabel, to: area.height)
      let left = area.x - Self.leftMargin(yRange, yScale, height: area.height, hasLabel: true)
      marks.append(.text(text, at: Point(left + style.capitalHeight + 2, area.midY), style))
    }
    return marks
  }
}
