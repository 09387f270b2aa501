import Foundation

extension RunReport {
  /// Insertion, deletion and whatever else measures draw, for each run with the methods as lines.
  var curveSection: PageSection {
    let all = faithfulness.flatMap { part in part.report.curves.map { (part, $0) } }
    guard !all.isEmpty else {
      return PageSection(
        "curves", title: "Insertion and deletion",
        [
          .missing(
            "there are no insertion and deletion curves of these runs. `smoot faithfulness \(paths) --methods gradient --metrics insertion-deletion` makes them where this report looks, or --results names their folder."
          )
        ])
    }
    var blocks: [PageBlock] = []
    let hasDeletion = all.contains { $0.1.measure == Self.deletionMeasure }
    if hasDeletion {
      blocks.append(
        .paragraph(
          "Insertion: the score of the class as the most salient pixels appear in a blurred image; a map is good if the curve rises early. Deletion: as they vanish from the image; good if it falls early. Bands are 95 % confidence intervals of the means over images."
        ))
    } else {
      blocks.append(
        .missing("no result holds the measure insertion-deletion; other measures' curves follow."))
    }
    blocks += missingRuns(
      in: all.map(\.1.run),
      of: "smoot faithfulness --methods gradient --metrics insertion-deletion")
    let (main, others) = (
      faithfulness.flatMap { figures($0.report) { $0 == Self.deletionMeasure } },
      faithfulness.flatMap { figures($0.report) { $0 != Self.deletionMeasure } }
    )
    if !main.isEmpty { blocks.append(.figures(main)) }
    if !others.isEmpty { blocks += [.heading("Curves of other measures"), .figures(others)] }
    return PageSection("curves", title: "Insertion and deletion", blocks)
  }

  /// Markers of more points than these would cover each other.
  private static let mostMarkers = 12

  private static let deletionMeasure = "insertion-deletion"

  /// The figures of a report, the same curve of all runs in the same vertical extents.
  private func figures(
    _ report: FaithfulnessReport, measures isShown: (String) -> Bool
  ) -> [PageFigure] {
    let shown = report.curves.filter { isShown($0.measure) }
    var kinds: [[String]] = []
    for curve in shown where !kinds.contains([curve.measure, curve.name]) {
      kinds.append([curve.measure, curve.name])
    }
    // Insertion stands at the left of deletion, as in the measure's name.
    if let place = kinds.firstIndex(of: [Self.deletionMeasure, "insertion"]) {
      kinds.insert(kinds.remove(at: place), at: 0)
    }
    return report.runs.flatMap { run in
      kinds.compactMap { kind -> PageFigure? in
        let same = shown.filter { [$0.measure, $0.name] == kind }
        let curves = same.filter { $0.run == run }
        guard !curves.isEmpty else { return nil }
        var plot = LinePlot(
          title: "", xLabel: "pixels \(kind[1] == "insertion" ? "inserted" : "replaced") (%)",
          yLabel: Self.label(kind, report),
          series: report.methods.compactMap { method in
            curves.first { $0.method == method }.map { line($0, report) }
          })
        plot.yRange = AxisRange.covering(
          same.flatMap { ($0.mean + $0.lower + $0.upper).compactMap(\.self) }, margin: 0.05)
        let name =
          kind[0] == Self.deletionMeasure ? kind[1].capitalized : "\(kind[0]), \(kind[1])"
        return PageFigure(
          plot.small().figure(), title: "\(name): \(run)",
          caption: report.conditions["images"].map { "Means of \($0) images." } ?? "")
      }
    }
  }

  /// What a curve follows, where the conditions say so.
  private static func label(_ kind: [String], _ report: FaithfulnessReport) -> String {
    let options = report.conditions["measure \(kind[0])"]?.split(separator: " ") ?? []
    let score = options.first { $0.hasPrefix("score=") }?.dropFirst(6)
    switch score {
    case "prob": return "probability of the class"
    case "logprob": return "log-probability of the class"
    case "logit": return "logit of the class"
    default: return kind[1] == "accuracy" ? "accuracy (%)" : kind[1]
    }
  }

  private func line(_ curve: FaithfulnessReport.Curve, _ report: FaithfulnessReport) -> LineSeries {
    let isControl = report.controls.contains(curve.method)
    let mean = curve.mean.map { $0 ?? .nan }
    // Where there is no interval the band has no width.
    let low = zip(curve.lower, mean).map { $0 ?? $1 }
    let high = zip(curve.upper, mean).map { $0 ?? $1 }
    var line = LineSeries(
      name: isControl ? "\(curve.method) (control)" : curve.method,
      x: curve.shares.map { 100 * $0 }, y: mean, band: (low, high),
      color: isControl ? Palette.control : nil, dash: isControl ? .dotted : nil)
    line.hasMarkers = curve.shares.count <= Self.mostMarkers
    return line
  }
}
