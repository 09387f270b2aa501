import SmootReporting
import Testing

/// Tables and plots of robustness, by hand.
@Suite struct RobustnessReportTests {
  private func report(_ ratios: [Double?] = [0.1, 0.3, 0.3]) -> RobustnessReport {
    let levels = [0.0, 1, 2]
    let curves = [("a", [1.0, 0.6, 0.2]), ("b", [0.8, 0.4, 0.4]), ("c", [0.6, 0.2, 0.0])]
    return RobustnessReport(
      conditions: ["dataset": "squares test", "images": "10"],
      runs: [
        .init(run: "a", group: "linear", seed: 1, maskRatio: ratios[0]),
        .init(run: "b", group: "dropkey", seed: 1, maskRatio: ratios[1]),
        .init(run: "c", group: "dropkey", seed: 2, maskRatio: ratios[2]),
      ],
      distortions: [.init(name: "noise", quantity: "variance", levels: levels)],
      scores: [
        .init(name: "confidence", quantity: "probability of the label", top: 1),
        .init(name: "agreement", quantity: "agreement", top: 1),
      ],
      entries: curves.flatMap { run, values in
        zip(levels, values).map {
          RobustnessReport.Entry(
            run: run, distortion: "noise", level: $0, score: "confidence", mean: $1, count: 10)
        }
      }
        + [
          RobustnessReport.Entry(
            run: "a", distortion: "noise", level: 0, score: "agreement", mean: nil, count: 0)
        ])
  }

  @Test func summarizesGroups() {
    let tables = report().summaryTables()
    // Nobody has a number of the other score.
    #expect(tables.count == 1)
    let table = tables[0]
    #expect(table.columns.map(\.name) == ["runs", "count", "noise", "variance at 0.5"])
    // a: (1 + 0.6) / 2 + (0.6 + 0.2) / 2 over 2; falls to a half a quarter of the way from 1 to 2.
    let numbers = table.rows[0].compactMap { cell in
      if case .real(let value, _) = cell { value } else { nil }
    }
    #expect(table.rows[0].prefix(2) == [.text("linear"), .integer(1)])
    #expect(zip(numbers, [0.6, 1.25]).allSatisfy { abs($0 - $1) < 1e-12 } && numbers.count == 2)
    // b: 0.5 and 0.75; c: 0.25 and 0.25.
    #expect(
      table.rows[1] == [
        .text("dropkey"), .integer(2), .text("0.375 ± 0.177"), .text("0.500 ± 0.354"),
      ])
    #expect(report().entryTable().rows.count == 10)
  }

  @Test func drawsBandsOverSeeds() throws {
    let report = report()
    let plot = try #require(report.plot(report.distortions[0], report.scores[0]))
    #expect(plot.series.map(\.name) == ["linear", "dropkey"])
    #expect(plot.series[0].band == nil)
    let band = try #require(plot.series[1].band)
    #expect(zip(plot.series[1].y, [0.7, 0.3, 0.2]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(abs(band.high[0] - band.low[0] - 2 * 0.2 / 2.0.squareRoot()) < 1e-12)
    #expect(report.plot(report.distortions[0], report.scores[1]) == nil)
    #expect(plot.title == "Probability of the label under noise")
  }

  @Test func drawsMaskRatiosWhereThereAreSeveral() throws {
    let plot = try #require(report().maskRatioPlot(report().scores[0]))
    #expect(plot.series.map(\.x) == [[0.1, 0.3]])
    #expect(abs(plot.series[0].y[1] - 0.375) < 1e-12)
    #expect(report([nil, 0.3, 0.3]).maskRatioPlot(report().scores[0]) == nil)
  }

  @Test func keepsKindsOfHeadsApart() throws {
    var report = report([0.1, 0.3, 0.3])
    for (index, head) in ["cnn dropkey", "cnn dropkey", "cnn dropout"].enumerated() {
      report.runs[index].head = head
    }
    let plot = try #require(report.maskRatioPlot(report.scores[0]))
    #expect(plot.series.map(\.name) == ["noise, cnn dropkey"])
    // Of b alone: c has another head, and one ratio makes no line.
    #expect(abs(plot.series[0].y[1] - 0.5) < 1e-12)
  }

  @Test func showsNegativeAgreement() throws {
    var report = report()
    report.entries = [(0.0, 0.5), (1, -0.25)].map {
      RobustnessReport.Entry(
        run: "a", distortion: "noise", level: $0, score: "agreement", mean: $1, count: 10)
    }
    let plot = try #require(report.plot(report.distortions[0], report.scores[1]))
    #expect(plot.yRange.map { $0.contains(-0.25) } == true)
  }

  @Test func hasNoHalfLevelWhereARunNeverFalls() {
    var report = report()
    for index in report.entries.indices where report.entries[index].run == "b" {
      report.entries[index].mean = 0.8
    }
    #expect(report.summaryTables()[0].rows[1].last == .missing)
  }
}
