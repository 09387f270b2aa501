import Foundation
import SmootReporting
import Testing

@Suite struct AccuracyDropReportTests {
  private func run(
    _ method: String, seed: UInt64, order: String = "abs", fill: String = "corner",
    curve: [Double], auc: Double
  ) -> AccuracyDropRun {
    AccuracyDropRun(
      run: "mnist-\(method)-\(seed)", method: method, seed: seed, fill: fill, order: order,
      percent: [0, 30, 60, 90], curve: curve, auc: auc)
  }

  private func report() throws -> AccuracyDropReport {
    try AccuracyDropReport(runs: [
      run("traditional", seed: 1, curve: [99, 60, 30, 10], auc: 40),
      run("smoot", seed: 1, curve: [98, 40, 20, 10], auc: 33),
      run("smoot", seed: 2, curve: [98, 44, 24, 12], auc: 35),
      run("smoot", seed: 3, curve: [98, 48, 22, 8], auc: 34),
      run("smoot", seed: 1, order: "random", curve: [98, 90, 70, 20], auc: 60),
    ])
  }

  @Test func seedsAreAveraged() throws {
    let groups = try report().groups()
    #expect(groups.map(\.name) == ["traditional", "smoot", "smoot, random order"])
    #expect(groups.map(\.runs.count) == [1, 3, 1])
    #expect(groups[1].mean == [98, 44, 22, 10])
    // Deviations -4, 0, 4: squares 32 over n - 1 = 2 make 16.
    #expect(groups[1].standardDeviation == [0, 4, 2, 2])
    #expect(groups[1].extremes.low == [98, 40, 20, 8])
    #expect(groups[1].extremes.high == [98, 48, 24, 12])
    #expect(groups[1].meanAUC == 34 && groups[1].aucDeviation == 1)
    #expect(groups[0].standardDeviation == nil && groups[0].aucDeviation == nil)
    #expect(try report().groups(by: .run).count == 5)
  }

  @Test func whatDiffersIsInTheName() throws {
    let report = try AccuracyDropReport(runs: [
      run("sgt", seed: 1, fill: "corner", curve: [9, 8, 7, 6], auc: 1),
      run("sgt", seed: 1, fill: "mean", curve: [9, 8, 7, 6], auc: 1),
      run("sgt", seed: 1, order: "signed", curve: [9, 8, 7, 6], auc: 1),
    ])
    #expect(
      report.groups().map(\.name) == [
        "sgt, abs order, corner fill", "sgt, abs order, mean fill",
        "sgt, signed order, corner fill",
      ])
  }

  @Test func summaryTableHasMeansAndSpread() throws {
    let table = try report().summaryTable(shares: [0, 30, 45])
    #expect(
      table.columns.map(\.name) == [
        "method", "curves", "AUC", "± std", "at 0 %", "at 30 %", "at 45 %",
      ])
    #expect(
      table.rows[1] == [
        .text("smoot"), .integer(3), .real(34, digits: 2), .real(1, digits: 2),
        .real(98, digits: 2),
        .real(44, digits: 2), .missing,
      ])
    #expect(table.rows[0][3] == .missing)
    #expect(table.title == "Accuracy drop (abs order · corner fill); lower AUC is better")
    // Of 0, 30, 60 and 90, the first and the nearest to 22.5, 45 (two as near: the first) and 67.5.
    #expect(
      try report().summaryTable().columns.dropFirst(4).map(\.name) == [
        "at 0 %", "at 30 %", "at 60 %",
      ])
  }

  @Test func curveTableHasEverything() throws {
    let csv = try report().curveTable().csv()
    let lines = csv.split(separator: "\r\n")
    try #require(lines.count == 1 + 5 * 4)
    #expect(lines[0] == "run,method,seed,attribution,fill,order,percent,accuracy,auc")
    #expect(lines[6] == "mnist-smoot-1,smoot,1,,corner,abs,30,40,33")
  }

  @Test func jsonRoundTrip() throws {
    let report = try report()
    let data = try report.json()
    #expect(try AccuracyDropReport(json: data) == report)
    let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    let first = try #require((object["runs"] as? [[String: Any]])?.first)
    #expect(
      Set(first.keys) == ["run", "method", "seed", "fill", "order", "percent", "curve", "auc"])
  }

  @Test(arguments: [
    ("{", "damage at the top"),
    ("{}", "the key runs"),
    (#"{"runs":[{"run":"a"}]}"#, "the key method at runs[0]"),
    (
      #"{"runs":[{"run":"a","method":"m","seed":1,"fill":"f","order":"o","percent":[0],"curve":"x","auc":1}]}"#,
      "at runs[0].curve"
    ),
    (
      #"{"runs":[{"run":"a","method":"m","seed":1,"fill":"f","order":"o","percent":[0,1],"curve":[1],"auc":1}]}"#,
      "run a: expected as many accuracies as shares"
    ),
    (
      #"{"runs":[{"run":"a","method":"m","seed":1,"fill":"f","order":"o","percent":[1,1],"curve":[1,2],"auc":1}]}"#,
      "ascending"
    ),
  ])
  func damagedReportsAreNamed(json: String, part: String) {
    let error = #expect(throws: ReportingError.self) {
      try AccuracyDropReport(json: Data(json.utf8), name: "auc.json")
    }
    #expect(error?.exitCode == 65)
    #expect(error?.description.hasPrefix("auc.json: ") == true)
    #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("\n") == false)
  }

  @Test func notFiniteNumbersAreRefused() {
    #expect(throws: ReportingError.self) {
      try AccuracyDropReport(runs: [run("a", seed: 1, curve: [1, .nan, 1, 1], auc: 1)])
    }
  }

  @Test func plotHasMeansBandsAndAGreyControl() throws {
    let plot = try report().plot()
    #expect(plot.series.map(\.y) == [[99, 60, 30, 10], [98, 44, 22, 10], [98, 90, 70, 20]])
    #expect(plot.series[1].band?.low == [98, 40, 20, 8])
    #expect(plot.series[1].band?.high == [98, 48, 24, 12])
    #expect(plot.series[0].band == nil)
    #expect(plot.series[2].color == Palette.control && plot.series[2].dash == .dotted)
    #expect(plot.series[1].name == "smoot  (AUC 34.00 ± 1.00)")
    #expect(plot.subtitle.contains("mean of 1 to 3 seeds, band: ± 1 standard deviation"))
    #expect(try report().plot(band: .none).series[1].band == nil)
    #expect(FigureProbe(figure: plot.figure()).collisions.isEmpty)
  }
}
