import SmootReporting
import Testing

@Suite struct SVGTests {
  @Test func plotsAreWellFormedWithRealText() throws {
    let series = [
      LineSeries(
        name: "a < b & \"c\"", x: [0, 1, 2], y: [1, 3, 2], band: ([0, 2, 1], [2, 4, 3])),
      LineSeries(name: "control\u{1B}[31m", x: [0, 1, 2], y: [3, 2, 1]),
    ]
    let plot = LinePlot(title: "Drop <1>", xLabel: "pixels (%)", yLabel: "µ ± σ", series: series)
    let document = try plot.figure().svg()
    let xml = try #require(XMLProbe(document))
    #expect(xml.elements["svg"] == 1 && xml.elements["title"] == 1)
    #expect(xml.text.contains("a < b & \"c\"") && xml.text.contains("Drop <1>"))
    #expect(xml.text.contains("µ ± σ"))
    #expect(!document.contains("\u{1B}"))
    #expect(xml.elements["clipPath"] == 1)
    #expect(document.contains("stroke-dasharray"))
    #expect(document.contains("fill=\"#0072b2\" fill-opacity=\"0.161\""))
  }

  @Test func bothSurfacesShowTheSameMarks() throws {
    let plot = LinePlot(
      title: "t", xLabel: "x", yLabel: "y",
      series: [LineSeries(name: "a", x: [0, 1, 2], y: [1, 3, 2])])
    let figure = plot.figure()
    let xml = try #require(XMLProbe(try figure.svg()))
    let probe = FigureProbe(figure: figure)
    #expect(xml.elements["text"] == probe.texts.count)
    #expect(xml.elements["polyline"] == probe.polylines.count)
  }

  @Test func picturesAreInside() throws {
    let image = RGBAImage(width: 28, height: 28, fill: .black)
    let grid = ImageGrid(title: "t", rows: [.init(cells: [.init(image), .init(image)])])
    let document = try grid.figure().svg()
    let xml = try #require(XMLProbe(document))
    #expect(xml.elements["image"] == 2)
    #expect(document.contains("href=\"data:image/png;base64,iVBORw0KGgo"))
  }

  @Test func numbersAreShort() throws {
    var figure = Figure(width: 10, height: 10, summary: "")
    figure.add(.circle(center: Point(1.0 / 3, 2), radius: 0.5, .black))
    #expect(try figure.svg().contains("<circle cx=\"0.333\" cy=\"2\" r=\"0.5\""))
  }
}
