import Foundation
import SmootReporting
import Testing

/// The way from what is known about runs to a page.
@Suite struct RunReportTests {
  private func run(
    _ name: String, method: String = "smoot", seed: Int = 1, accuracy: Double = 90
  ) -> ReportedRun {
    ReportedRun(
      name: name, path: "runs/\(name)",
      settings: [
        .init(name: "dataset", value: "mnist", origin: "flag"),
        .init(name: "method", value: method, origin: "flag"),
        .init(name: "lr", value: "0.1", origin: "default"),
        .init(name: "seed", value: "\(seed)", origin: "flag"),
      ],
      epochs: (1...3).map { epoch in
        .init(
          number: epoch,
          values: [.testAccuracy: accuracy + Double(epoch), .loss: 1 / Double(epoch)],
          maskSizes: method == "smoot"
            ? .init(lower: 100, upper: 200, counts: [0, epoch, 4, 0, 0, 0]) : nil)
      }, facts: [.init("smoot", "0.1.0")], command: "smoot train --seed \(seed)",
      outcome: "finished")
  }

  private func report(_ runs: [ReportedRun]) -> RunReport {
    RunReport(date: "today", version: "0.1.0", command: "smoot report runs", runs: runs)
  }

  private static let sections = [
    "runs", "configuration", "learning", "mask-sizes", "accuracy-drop", "curves", "scores",
    "pictures", "reproduction", "settings",
  ]

  private func drop(_ run: String, order: String = "abs", images: Int? = 100) -> AccuracyDropRun {
    AccuracyDropRun(
      run: run, method: "smoot", seed: 1, fill: "corner", order: order,
      attribution: order == "random" ? nil : "gradient", percent: [0, 50, 90],
      curve: order == "random" ? [90, 70, 20] : [90, 40, 10], auc: order == "random" ? 60 : 45,
      images: images)
  }

  private func measures(_ runs: [String], command: String = "smoot faithfulness")
    -> FaithfulnessReport
  {
    let methods = ["gradient", "random-control"]
    return FaithfulnessReport(
      conditions: ["images": "8", "command": command], runs: runs, methods: methods,
      controls: ["random-control"],
      scores: [
        .init(
          name: "deletion", title: "Deletion", measure: "insertion-deletion", isLowerBetter: true)
      ],
      entries: runs.flatMap { run in
        methods.map { method in
          .init(
            run: run, method: method, score: "deletion", mean: method == "gradient" ? 0.25 : 0.5,
            lower: 0.2, upper: 0.3, standardDeviation: 1, count: 8, undefined: 0)
        }
      }, times: [],
      curves: runs.flatMap { run in
        methods.flatMap { method in
          ["deletion", "insertion"].map { name in
            .init(
              run: run, method: method, measure: "insertion-deletion", name: name,
              shares: [0, 0.5, 1], mean: [1, 0.5, nil], lower: [0.9, 0.4, nil],
              upper: [1.1, 0.6, nil])
          }
        }
      })
  }

  @Test func namesWhatIsMissing() throws {
    let html = try report([ReportedRun(name: "empty", path: "runs/empty")]).page().html()
    for section in Self.sections { #expect(html.contains("<section id=\"\(section)\"")) }
    // All but the overview have something to miss.
    #expect(html.components(separatedBy: "class=\"missing\"").count - 1 >= 9)
    for word in ["smoot auc runs/empty", "smoot faithfulness runs/empty", "run.json"] {
      #expect(html.contains(word), "\(word)")
    }
  }

  @Test func showsWhatIsThere() throws {
    var report = self.report([run("a"), run("b", method: "traditional", accuracy: 80)])
    report.accuracyDrops = [
      .init(
        source: "auc.json",
        report: try AccuracyDropReport(
          runs: ["a", "b"].flatMap { [drop($0), drop($0, order: "random")] }))
    ]
    report.faithfulness = [.init(source: "faithfulness.json", report: measures(["a", "b"]))]
    let picture = RGBAImage(width: 2, height: 2, fill: .black)
    report.pictures = [
      .shown(
        title: "Right", explanation: "the first",
        table: PictureTable(
          caption: "maps", corner: "class", columns: ["image"],
          rows: [.init("shoe", cells: [.init(picture, description: "a shoe")])]))
    ]
    let html = try report.page().html()
    let wanted = [
      "Settings in which the runs differ", "93.00", "83.00", "Mask sizes over epochs: a", "−15.00",
      "Insertion: a", "Deletion: b", "lower is better", "± 0.05", "random-control (control)",
      "alt=\"a shoe\"", "smoot train --seed 1", "smoot faithfulness", "smoot report runs",
    ]
    for text in wanted { #expect(html.contains(text), "\(text)") }
    #expect(!html.contains("Mask sizes over epochs: b"))
    // The command that made the curves was not recorded.
    #expect(html.components(separatedBy: "class=\"missing\"").count == 2)
  }

  @Test func averagesRunsThatDifferInTheSeedAlone() throws {
    let html = try report([run("a"), run("b", seed: 2, accuracy: 92)]).page().html()
    #expect(html.contains("smoot, 2 seeds"))
    #expect(html.contains("94.00 ± 1.41"))
  }

  @Test func mergesResultsThatDifferInTheRunsAlone() throws {
    var report = self.report([run("a"), run("b")])
    report.accuracyDrops = try ["b", "a"].map {
      .init(source: "\($0).json", report: try AccuracyDropReport(runs: [drop($0)]))
    }
    report.faithfulness = ["b", "a"].map {
      .init(source: "\($0).json", report: measures([$0], command: "measure \($0)"))
    }
    report.mergeResults()
    #expect(report.accuracyDrops.map(\.source) == ["a.json and b.json"])
    #expect(report.accuracyDrops[0].report.runs.map(\.run) == ["a", "b"])
    #expect(report.faithfulness.map(\.report.runs) == [["a", "b"]])
    #expect(report.faithfulness[0].report.entries.count == 4)
    let html = try report.page().html()
    #expect(html.contains("measure a") && html.contains("measure b"))
  }

  /// Nothing outside of the file is named in a way that a browser follows, and nothing that a file says becomes a part of the page.
  @Test func holdsEverythingItself() throws {
    let hostile = "</style><script src=\"http://example.org/x.js\"></script><img src=x onerror=y>"
    var run = self.run(hostile)
    run.facts = [.init(hostile, hostile)]
    run.command = hostile
    run.missing = [hostile]
    run.settings[2].value = hostile
    var report = self.report([run])
    report.warnings = [hostile]
    report.faithfulness = [.init(source: hostile, report: measures([hostile]))]
    report.accuracyDrops = [
      .init(source: hostile, report: try AccuracyDropReport(runs: [drop(hostile)]))
    ]
    let html = try report.page().html()
    #expect(!html.contains("<script") && !html.contains("<img src=x"))
    #expect(html.contains("default-src 'none'"))
    for attribute in ["src", "href", "xlink:href", "action"] {
      for part in html.components(separatedBy: " \(attribute)=\"").dropFirst() {
        #expect(
          part.hasPrefix("data:image/png;base64,") || part.hasPrefix("#"), "\(part.prefix(40))")
      }
    }
    #expect(!html.contains("@import") && !html.contains("url(http"))
  }

  @Test func givesEachNameOnce() throws {
    var report = self.report([run("a"), run("b", method: "traditional")])
    report.faithfulness = [.init(source: "f", report: measures(["a", "b"]))]
    let html = try report.page().html()
    let names = html.components(separatedBy: " id=\"").dropFirst().map {
      String($0.prefix { $0 != "\"" })
    }
    #expect(Set(names).count == names.count)
    #expect(names.count > 20)
  }

  @Test func refusesCurvesThatDoNotFit() throws {
    var report = measures(["a"])
    report.curves[0].mean = [1]
    let data = try JSONEncoder().encode(report)
    #expect(throws: ReportingError.self) { try FaithfulnessReport(json: data, name: "f.json") }
    // A report of an older version has no curves.
    let old = Data(
      "{\"conditions\":{},\"runs\":[],\"methods\":[],\"controls\":[],\"scores\":[],\"entries\":[],\"times\":[]}"
        .utf8)
    #expect(try FaithfulnessReport(json: old).curves.isEmpty)
  }

  @Test func boundsWhatCountsClaim() {
    #expect(ReportedRun.MaskSizes(lower: 0, upper: 1, counts: []) == nil)
    #expect(ReportedRun.MaskSizes(lower: 0, upper: 1, counts: [0]) == nil)
    #expect(ReportedRun.MaskSizes(lower: 0, upper: .infinity, counts: [1]) == nil)
    #expect(ReportedRun.MaskSizes(lower: 0, upper: 1, counts: [.max, .max]) == nil)
  }

  /// Wilson's interval of 40 right answers of 100, by hand: (0.4192 - 0.0952, + ...) / 1.0384.
  @Test func givesSingleCurvesABand() throws {
    let report = try AccuracyDropReport(runs: [drop("a")])
    let band = try #require(report.plot().series[0].band)
    #expect(abs(band.low[1] - 30.94) < 0.01 && abs(band.high[1] - 49.80) < 0.01)
    #expect(report.plot().subtitle.contains("95 % interval"))
    #expect(try AccuracyDropReport(runs: [drop("a", images: nil)]).plot().series[0].band == nil)
  }
}
