import Foundation
import SmootReporting
import Testing

@Suite struct LinePlotTests {
  private let blue = Palette.series[0]

  private func plot(_ series: [LineSeries]) -> LinePlot {
    LinePlot(
      title: "Title", subtitle: "Subtitle", xLabel: "step", yLabel: "loss", series: series,
      xRange: 0...10, yRange: 0...100)
  }

  /// The pixel of a number pair, from where the ticks' numbers stand in the figure.
  private func pixel(_ x: Double, _ y: Double, in figure: Figure) throws -> (Int, Int) {
    let probe = FigureProbe(figure: figure)
    let ticks = probe.texts.filter { $0.style.size == 11 && Double($0.text) != nil }
    let across = ticks.filter { $0.style.anchor == .middle }
    let upward = ticks.filter { $0.style.anchor == .end }
    let left = try #require(across.first { $0.text == "0" }).box.midX
    let right = try #require(across.first { $0.text == "10" }).box.midX
    let bottom = try #require(upward.first { $0.text == "0" }).box.midY
    let top = try #require(upward.first { $0.text == "100" }).box.midY
    return (
      Int((left + (right - left) * x / 10) * 2), Int((bottom + (top - bottom) * y / 100) * 2)
    )
  }

  @Test func linesAndBandsAreWhereTheirNumbersAre() throws {
    let x = (0...40).map { Double($0) / 4 }
    let line = LineSeries(
      name: "", x: x, y: x.map { 20 + 5 * $0 },
      band: (x.map { 5 + 5 * $0 }, x.map { 35 + 5 * $0 }))
    let figure = plot([line]).figure()
    let image = figure.image()
    for place in [0.6, 3.3, 7.7] {
      let middle = try pixel(place, 20 + 5 * place, in: figure)
      #expect(image[middle.0, middle.1] == blue)
      for offset in [-10.0, 10] {
        let inside = try pixel(place, 20 + 5 * place + offset, in: figure)
        #expect(image[inside.0, inside.1] == blue.opacity(0.16).over(.white))
        let outside = try pixel(place, 20 + 5 * place + 2.5 * offset, in: figure)
        let isGround = [.white, RGBAColor(gray: 0xE4)].contains(image[outside.0, outside.1])
        #expect(isGround)
      }
    }
  }

  @Test func equalRatiosAreEquallyFarApartOnLogarithmicAxes() throws {
    var plot = LinePlot(
      title: "", xLabel: "batch", yLabel: "speed",
      series: [LineSeries(name: "", x: [1, 10, 100, 0], y: [0.1, 10, 1000, 5])])
    (plot.xScale, plot.yScale) = (.logarithmic, .logarithmic)
    let probe = FigureProbe(figure: plot.figure())
    let ticks = probe.texts.filter { $0.style.size == 11 }
    let across = ticks.filter { $0.style.anchor == .middle }
    let upward = ticks.filter { $0.style.anchor == .end }
    func place(_ text: String, _ ticks: [FigureProbe.PlacedText]) throws -> Point {
      let box = try #require(ticks.first { $0.text == text }).box
      return Point(box.midX, box.midY)
    }
    let (one, ten, hundred) = try (place("1", across), place("10", across), place("100", across))
    #expect(abs((ten.x - one.x) - (hundred.x - ten.x)) < 1)
    let (low, middle, high) = try (
      place("0.1", upward), place("10", upward), place("1,000", upward)
    )
    #expect(abs((low.y - middle.y) - (middle.y - high.y)) < 1)
  }

  @Test func missingNumbersLeaveGapsAndLonePointsStayVisible() throws {
    var y = [Double](repeating: 50, count: 41)
    for index in [10, 11, 12, 14, 15] { y[index] = .nan }
    let x = (0...40).map { Double($0) / 4 }
    let figure = plot([LineSeries(name: "", x: x, y: y)]).figure()
    let image = figure.image()
    func color(_ place: Double) throws -> RGBAColor {
      let (px, py) = try pixel(place, 50, in: figure)
      return image[px, py]
    }
    #expect(try color(1.1) == blue)
    #expect(try color(3.25) == blue)
    #expect(try color(2.9) != blue && color(3.6) != blue)
  }

  @Test func coloursDashesAndMarkersDiffer() {
    let x = [0.0, 5, 10]
    let series = (0..<8).map { LineSeries(name: "run \($0)", x: x, y: [1, 5, Double($0) * 10]) }
    let probe = FigureProbe(figure: plot(series).figure())
    let styles = probe.polylines.filter { $0.points.count == 3 }.map(\.style)
    #expect(styles.count == 8)
    #expect(styles.map(\.color) == (0..<8).map(Palette.color))
    for (index, first) in styles.enumerated() {
      for second in styles[(index + 1)...] { #expect(first != second) }
    }
  }

  static let cases: [(count: Int, name: String, points: Int)] = [
    (1, "traditional", 10), (3, "run", 10), (8, "run", 10), (8, "mnist-with-a-longer-name", 10),
    (8, "fashion-mnist-smoot-adaptive-label-clean-speed-10-alpha-0.95-low-0.2-high-0.8-seed", 10),
    (20, "a-very-long-name-that-does-not-fit-" + String(repeating: "x", count: 200), 10),
    (2, "loss", 500),
  ]

  @Test(arguments: cases)
  func nothingOverlapsAndTheLegendCoversNoLine(
    count: Int, name: String, points: Int
  ) throws {
    let series = (0..<count).map { index in
      let x = (0..<points).map { Double($0) * 90 / Double(points - 1) }
      let scale = 8 + 60 * Double(index) / Double(count)
      // Falling and rising lines in turn, so that the upper corners are taken.
      let y = x.map {
        index.isMultiple(of: 2) ? 100 * (1 - exp(-$0 / scale)) : 95 * exp(-$0 / scale)
      }
      return LineSeries(name: "\(name) \(index)", x: x, y: y)
    }
    let figure = LinePlot(
      title: "A title", subtitle: "conditions", xLabel: "x", yLabel: "y", series: series
    ).figure()
    let probe = FigureProbe(figure: figure)
    #expect(probe.collisions.isEmpty)
    let legend = probe.texts.filter { $0.style.size == 11 && $0.style.anchor == .start }
    #expect(legend.count == count)
    let lines = probe.polylines.filter { $0.points.count == points }
    #expect(lines.count == count)
    for entry in legend {
      let box = Rectangle(
        x: entry.box.x - 44, y: entry.box.y, width: entry.box.width + 44, height: entry.box.height)
      for line in lines {
        for (start, end) in zip(line.points, line.points.dropFirst()) {
          #expect(!box.touchesLine(from: start, to: end), "\(entry.text)")
        }
      }
    }
  }

  @Test func unusualNumbersStillMakeAPlot() throws {
    let empty = plot([]).figure()
    #expect(FigureProbe(figure: empty).text("no data") != nil)
    for values in [
      [5.0, 5, 5], [0, 0, 0], [.nan, .nan, .nan], [1e300, -1e300, 0], [1e-300, 0, 0],
    ] {
      let series = LineSeries(name: "a", x: [1, 2, 3], y: values)
      let figure = LinePlot(title: "", xLabel: "", yLabel: "", series: [series]).figure()
      #expect(FigureProbe(figure: figure).collisions.isEmpty)
      #expect(try XMLProbe(figure.svg()) != nil)
      #expect(figure.image(scale: 1).width == 800)
    }
    let single = LineSeries(name: "a", x: [3], y: [7])
    let image = LinePlot(title: "", xLabel: "", yLabel: "", series: [single]).figure().image()
    #expect(image.bytes.count == 1600 * 1000 * 4)
  }
}
