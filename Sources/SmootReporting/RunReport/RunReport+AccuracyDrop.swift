extension RunReport {
  /// Accuracy as the most salient pixels are replaced, beside the control.
  var accuracyDropSection: PageSection {
    guard !accuracyDrops.isEmpty else {
      return PageSection(
        "accuracy-drop", title: "Accuracy drop",
        [
          .missing(
            "there are no accuracy-drop curves of these runs. `smoot auc \(paths)` makes them where this report looks, or --results names their folder."
          )
        ])
    }
    var blocks: [PageBlock] = [
      .paragraph(
        "How accuracy falls as the pixels that a network's maps rank highest are replaced: the lower the curve, the better the maps say what matters. A network that any removal confuses has a low curve with any map, so read each curve beside its control, a random order."
      )
    ]
    blocks += missingRuns(in: accuracyDrops.flatMap { $0.report.runs.map(\.run) }, of: "smoot auc")
    let parts = accuracyDrops.flatMap { drop in
      Self.byFill(drop.report).map { (drop.source, $0) }
    }
    blocks.append(.figures(parts.map { figure($0.1) }))
    blocks += parts.map { .table(Self.table($0.1, from: $0.0)) }
    return PageSection("accuracy-drop", title: "Accuracy drop", blocks)
  }

  /// The runs' folders as a command takes them.
  var paths: String { runs.map(\.path).joined(separator: " ") }

  /// A word on runs that results do not hold.
  func missingRuns(in names: [String], of command: String) -> [PageBlock] {
    let known = Set(names)
    let missing = runs.filter { !known.contains($0.name) }
    guard !missing.isEmpty else { return [] }
    let list = missing.map(\.name).joined(separator: ", ")
    return [
      .missing(
        "\(list): not in the results that were found; `\(command) \(missing.map(\.path).joined(separator: " "))` makes them."
      )
    ]
  }

  /// A report for each fill, since areas of different fills cannot be compared.
  private static func byFill(_ report: AccuracyDropReport) -> [AccuracyDropReport] {
    var seen = Set<String>()
    let fills = report.runs.map(\.fill).filter { seen.insert($0).inserted }
    return fills.compactMap { fill in
      try? AccuracyDropReport(
        runs: report.runs.filter { $0.fill == fill }, conditions: report.conditions)
    }
  }

  private static func grouping(_ report: AccuracyDropReport) -> AccuracyDropReport.Grouping {
    report.groups(by: .method).contains { $0.runs.count > 1 } ? .method : .run
  }

  private func figure(_ report: AccuracyDropReport) -> PageFigure {
    let grouping = Self.grouping(report)
    let groups = report.groups(by: grouping)
    var plot = report.plot(title: "", by: grouping)
    plot.subtitle = ""
    // A control has the colour of the networks that it belongs to.
    var colors: [Set<String>] = []
    for (place, group) in groups.enumerated() {
      let names = Set(group.runs.map(\.run))
      if !colors.contains(names) { colors.append(names) }
      let index = colors.firstIndex(of: names) ?? 0
      plot.series[place].color = Palette.color(index)
      plot.series[place].dash = group.isControl ? .dotted : .solid
      plot.series[place].marker = MarkerShape.allCases[index % MarkerShape.allCases.count]
      plot.series[place].hasMarkers = !group.isControl
    }
    let words = [
      report.sharedWords,
      AccuracyDropReport.words(groups, .standardDeviation), "controls dotted", "lower is better",
    ]
    return PageFigure(
      plot.small().figure(), title: "Accuracy drop, \(report.runs.first?.fill ?? "") fill",
      caption: words.filter { !$0.isEmpty }.joined(separator: " · ") + ".")
  }

  /// Areas beside those of the control.
  private static func table(_ report: AccuracyDropReport, from source: String) -> PageTable {
    let groups = report.groups(by: grouping(report))
    let shares = groups.first?.percent ?? []
    let shown = [0.0, 10, 30, 50, 70, 90].filter(shares.contains)
    // What all curves have in common stands in the caption.
    let images = Set(report.runs.map(\.images))
    let common = images.count == 1 ? images.first.flatMap(\.self).map { ", of \($0) images" } : nil
    let hasSeeds = groups.contains { $0.runs.count > 1 }
    func control(of group: AccuracyDropGroup) -> AccuracyDropGroup? {
      let names = Set(group.runs.map(\.run))
      return groups.first { $0.isControl && !names.isDisjoint(with: $0.runs.map(\.run)) }
    }
    let conditions = (report.conditions ?? [:]).filter { $0.key != "command" }
    let words = conditions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    return PageTable(
      caption:
        "Areas under the curves, \(report.runs.first?.fill ?? "") fill, and accuracy in % at some shares of replaced pixels\(common ?? ""). The control is the random order of the same networks; a negative difference is what the maps know. From \(source)\(words.isEmpty ? "" : " (\(words.joined(separator: ", ")))").",
      corner: "curve",
      columns: [
        .init("AUC", .right), .init("AUC\u{A0}− control", .right),
      ] + (hasSeeds ? [.init("networks", .right)] : [])
        + (common == nil ? [.init("images", .right)] : [])
        + shown.map { .init("at\u{A0}\(NumberFormat.shortest($0))\u{A0}%", .right) },
      rows: groups.map { group in
        let deviation = group.aucDeviation.map { "± \(NumberFormat.fixed($0, digits: 2))" } ?? ""
        let difference =
          group.isControl
          ? ""
          : control(of: group).map {
            NumberFormat.typeset(NumberFormat.fixed(group.meanAUC - $0.meanAUC, digits: 2))
          } ?? ""
        let counts = Set(group.runs.map(\.images))
        let count = counts.count == 1 ? counts.first.flatMap(\.self) : nil
        let means = group.mean
        let details: [PageTable.Cell] =
          (hasSeeds ? [.init("\(group.runs.count)")] : [])
          + (common == nil ? [.init(count.map { "\($0)" } ?? "")] : [])
        return PageTable.Row(
          group.name,
          cells: [
            .init(NumberFormat.fixed(group.meanAUC, digits: 2), detail: deviation),
            .init(difference),
          ] + details
            + shown.map { share in
              let place = group.percent.firstIndex(of: share)
              return .init(place.map { NumberFormat.fixed(means[$0], digits: 2) } ?? "")
            })
      })
  }
}
