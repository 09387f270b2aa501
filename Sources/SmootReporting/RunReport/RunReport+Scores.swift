extension RunReport {
  /// Methods by scores, with intervals and directions.
  var scoreSection: PageSection {
    guard !faithfulness.isEmpty else {
      return PageSection(
        "scores", title: "Methods and measures",
        [
          .missing(
            "there are no measures of these runs' maps. `smoot faithfulness \(paths) --methods gradient --metrics all` makes them where this report looks, or --results names their folder."
          )
        ])
    }
    var blocks: [PageBlock] = [
      .paragraph(
        "Means over images with half the width of their 95 % confidence intervals. The arrow says which end is the good one; the bluer a number, the better its rank among all of its score. The control is a map of random numbers: what it reaches, no map deserves credit for."
      )
    ]
    blocks += missingRuns(
      in: faithfulness.flatMap(\.report.runs), of: "smoot faithfulness --methods gradient")
    for part in faithfulness {
      let methods = part.report.methods.filter { method in
        part.report.entries.contains { $0.method == method }
      }
      for start in stride(from: 0, to: methods.count, by: Self.methodsPerTable) {
        let some = Array(methods[start..<min(methods.count, start + Self.methodsPerTable)])
        blocks.append(.table(Self.scores(part, some)))
      }
      if let table = Self.times(part) { blocks.append(.table(table)) }
    }
    return PageSection("scores", title: "Methods and measures", blocks)
  }

  /// As many as fit on paper.
  private static let methodsPerTable = 8

  private static func heading(_ method: String, _ report: FaithfulnessReport) -> String {
    report.controls.contains(method) ? "\(method) (control)" : method
  }

  /// Scores in rows, one line for each run, and methods in columns.
  private static func scores(_ part: Faithfulness, _ methods: [String]) -> PageTable {
    let report = part.report
    let isSingle = report.runs.count == 1
    func row(_ score: FaithfulnessReport.Score, _ run: String, _ heading: String) -> PageTable.Row {
      PageTable.Row(
        heading, detail: isSingle ? score.measure : "",
        cells: methods.map { method in
          guard let entry = report.entry(run, method, score.name), let mean = entry.mean else {
            return PageTable.Cell("")
          }
          let reach = entry.lower.flatMap { low in entry.upper.map { ($0 - low) / 2 } }
          let undefined = entry.undefined > 0 ? " (\(entry.undefined) undefined)" : ""
          return PageTable.Cell(
            NumberFormat.typeset(NumberFormat.significant(mean, digits: 3)),
            detail: (reach.map { "± \(NumberFormat.significant($0, digits: 2))" } ?? "")
              + undefined,
            goodness: report.rank(mean, score))
        })
    }
    let groups =
      isSingle
      ? [
        PageTable.Group("", rows: report.scores.map { row($0, report.runs[0], Self.words($0)) })
      ]
      : report.scores.map { score in
        PageTable.Group(
          "\(words(score)) · \(score.measure)", rows: report.runs.map { row(score, $0, $0) })
      }
    let images = report.conditions["images"].map { "\($0) images" }
    let set = report.conditions["dataset"]
    let place = [images, set].compactMap(\.self).joined(separator: " of ")
    return PageTable(
      caption:
        "\(isSingle ? report.runs[0] : "\(report.runs.count) runs")\(place.isEmpty ? "" : ", \(place)"). From \(part.source).",
      corner: isSingle ? "score" : "score and run",
      columns: methods.map { .init(heading($0, report), .right) }, groups: groups)
  }

  private static func words(_ score: FaithfulnessReport.Score) -> String {
    "\(score.title) \(score.isLowerBetter ? "↓ lower is better" : "↑ higher is better")"
  }

  /// How long everything took, a row for each measure.
  private static func times(_ part: Faithfulness) -> PageTable? {
    let report = part.report
    var seen = Set<String>()
    let measures = report.times.map(\.measure).filter { seen.insert($0).inserted }
    guard !measures.isEmpty else { return nil }
    return PageTable(
      caption: "Seconds that the maps and the measures took, over all methods and images.",
      corner: "measure", columns: report.runs.map { .init($0, .right) },
      rows: measures.map { measure in
        PageTable.Row(
          measure == "maps" ? "making the maps" : measure,
          cells: report.runs.map { run in
            let seconds = report.seconds(run, measure: measure)
            return .init(seconds.map { NumberFormat.fixed($0, digits: 2) } ?? "")
          })
      })
  }
}
