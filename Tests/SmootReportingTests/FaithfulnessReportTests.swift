import SmootReporting
import Testing

@Suite struct FaithfulnessReportTests {
  private func entry(_ method: String, _ score: String, _ mean: Double?) -> FaithfulnessReport.Entry
  {
    FaithfulnessReport.Entry(
      run: "run", method: method, score: score, mean: mean, lower: mean.map { $0 - 0.1 },
      upper: mean.map { $0 + 0.1 }, standardDeviation: mean == nil ? nil : 1,
      count: mean == nil ? 0 : 8, undefined: mean == nil ? 8 : 0)
  }

  private var report: FaithfulnessReport {
    FaithfulnessReport(
      conditions: ["images": "8"], runs: ["run"], methods: ["a", "b", "control"],
      controls: ["control"],
      scores: [
        .init(name: "low", title: "Low", measure: "m", isLowerBetter: true),
        .init(name: "high", title: "High", measure: "m", isLowerBetter: false),
      ],
      entries: [
        entry("a", "low", 1), entry("b", "low", 2), entry("control", "low", 900),
        entry("a", "high", 1), entry("b", "high", 1), entry("control", "high", nil),
      ], times: [.init(run: "run", method: "a", measure: "m", seconds: 1.5)])
  }

  @Test func writesMeansWithIntervalsAndArrows() {
    let text = report.tables(of: "run")[0].text()
    for part in ["low ↓", "high ↑", "1.00 ± 0.10", "900 ± 0.10", "control (control)", "1.50"] {
      #expect(text.contains(part), "\(part) is not in \(text)")
    }
    #expect(report.tables(of: "run", width: 40).count == 2)
    #expect(report.markdown().contains("- images: 8"))
  }

  @Test func leavesTimesOutOfTheScores() {
    let lines = report.scoreTable().csv().split(whereSeparator: \.isNewline)
    #expect(lines.count == 7)
    #expect(lines[1] == "run,a,m,low,lower,1,0.9,1.1,1,8,0")
    #expect(lines[6] == "run,control,m,high,higher,,,,,0,8")
  }

  @Test func colorsByRank() {
    let rows = report.plot().groups[0].rows
    #expect(rows[0].cells.map(\.goodness) == [1, 0.5, 0])
    // Equal numbers have no ranks, and missing ones no colour.
    #expect(rows[1].cells.map(\.goodness) == [nil, nil, nil])
    #expect(rows[1].cells[2].text == "–")
  }
}
