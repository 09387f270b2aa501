import SmootReporting
import Testing

@Suite struct HistogramPlotTests {
  @Test func countsAreRight() {
    var plot = HistogramPlot(
      title: "k", xLabel: "k (pixels)",
      series: [.init(name: "a", values: [0, 0.5, 1, 1.9, 2, 4, .nan])])
    plot.bins = 4
    let (edges, counts) = plot.counts()
    #expect(edges == [0, 1, 2, 3, 4])
    #expect(counts == [[2, 2, 1, 1]])
  }

  @Test func wholeNumbersGetWholeIntervals() {
    var plot = HistogramPlot(
      title: "k", xLabel: "k", series: [.init(name: "a", values: [157, 158, 158, 160])])
    plot.bins = 40
    let (edges, counts) = plot.counts()
    #expect(edges == [157, 158, 159, 160])
    #expect(counts == [[1, 2, 1]])
  }

  @Test func oneValueAndNoValueMakeAPlot() {
    for values in [[392.0, 392, 392], []] {
      let plot = HistogramPlot(title: "k", xLabel: "k", series: [.init(name: "a", values: values)])
      #expect(plot.counts().counts[0].reduce(0, +) == values.count)
      #expect(FigureProbe(figure: plot.figure()).collisions.isEmpty)
    }
  }

  @Test func subtitleSaysWhatIsLeftOut() throws {
    var plot = HistogramPlot(
      title: "k", subtitle: "MNIST", xLabel: "k",
      series: [.init(name: "a", values: [1, 2, 3, 50, .nan])])
    plot.xRange = 0...10
    let probe = FigureProbe(figure: plot.figure())
    #expect(
      probe.text(
        "MNIST · min 1, median 2.500, max 50 · 1 not finite · 1 outside of the axis") != nil)
    #expect(plot.counts().counts[0].reduce(0, +) == 3)
  }

  @Test func barsHaveTheirColourAndHeight() throws {
    let plot = HistogramPlot(
      title: "", xLabel: "k", series: [.init(name: "a", values: [0, 0, 0, 0, 1, 2, 2])])
    let figure = plot.figure()
    let outline = try #require(
      FigureProbe(figure: figure).polylines.first { $0.style.color == Palette.series[0] })
    // Up, across and down for each of two intervals: 4 in [0, 1), 3 in [1, 2].
    let heights = outline.points.map { outline.points[0].y - $0.y }
    #expect(heights.count == 6)
    #expect(abs(heights[3] / heights[1] - 0.75) < 1e-9)
    let image = figure.image()
    let middle = outline.points[1].x + (outline.points[2].x - outline.points[1].x) * 0.5
    let inside = image[Int(middle * 2), Int((outline.points[0].y - heights[1] * 0.9) * 2)]
    #expect(inside == Palette.series[0].opacity(0.5).over(.white))
  }

  @Test func severalSetsHaveALegend() {
    let sets = (1...3).map { epoch in
      HistogramPlot.Series(
        name: "epoch \(epoch)", values: (0..<300).map { Double($0 * epoch % 157) + 200 })
    }
    let probe = FigureProbe(
      figure: HistogramPlot(title: "k", xLabel: "k (pixels)", series: sets).figure())
    #expect(probe.collisions.isEmpty)
    #expect(probe.texts.filter { $0.text.hasPrefix("epoch ") }.count == 3)
  }
}
