import Foundation
import Smoot

/// What is written about the numbers.
extension RobustnessCommand {
  func report(
    _ plan: RobustnessPlan, _ runs: [(name: String, model: LoadedModel)],
    _ results: [[BatchScores]], _ dataset: ImageDataset, _ surroundings: Surroundings?
  ) -> RobustnessReport {
    let groups = RunGroups(runs).names
    var entries: [RobustnessReport.Entry] = []
    for (run, scores) in zip(runs, results) {
      for (distortion, found) in zip(plan.distortions, scores) {
        for name in Robustness.scores {
          let summary = ScoreSummary(found.scores[name] ?? [])
          entries.append(
            RobustnessReport.Entry(
              run: run.name, distortion: distortion.kind.rawValue, level: distortion.level,
              score: name, mean: summary.mean, count: summary.count))
        }
      }
    }
    return RobustnessReport(
      conditions: conditions(plan, dataset, surroundings),
      runs: zip(runs, groups).map { run, group in
        RobustnessReport.Run(
          run: run.name, group: group, seed: run.model.training?.seed ?? 0,
          maskRatio: run.model.model.attentionHead.map {
            Double(String($0.options.maskRatio)) ?? Double($0.options.maskRatio)
          },
          head: run.model.model.attentionHead.map {
            "\(run.model.description.model) \($0.options.kind.rawValue)"
          })
      },
      distortions: Distortion.Kind.allCases.compactMap { kind in
        let levels = plan.distortions.filter { $0.kind == kind }.map(\.level)
        return levels.isEmpty
          ? nil
          : RobustnessReport.Distortion(
            name: kind.rawValue, quantity: kind.quantity, levels: levels)
      },
      scores: [
        RobustnessReport.Score(
          name: "confidence", quantity: "probability of the label", top: 1),
        RobustnessReport.Score(name: "accuracy", quantity: "accuracy (%)", top: 100),
        RobustnessReport.Score(
          name: "agreement", quantity: "agreement of maps (rank correlation)", top: 1),
      ], entries: entries)
  }

  /// Everything that changes the numbers, as text.
  private func conditions(
    _ plan: RobustnessPlan, _ dataset: ImageDataset, _ surroundings: Surroundings?
  ) -> [String: String] {
    let options = plan.method.resolved.sorted { $0.key < $1.key }
    var result = [
      "dataset": "\(dataset.name) \(dataset.split)", "images": "\(dataset.count)",
      "map images": "\(min(plan.mapCount, dataset.count))", "method": plan.method.name,
      "method options": options.map { "\($0.key)=\($0.value)" }.joined(separator: " "),
      "score": plan.method.score.rawValue, "rectify": plan.rectification.rawValue,
      "noise range": plan.robustness.range.rawValue, "draws": "\(plan.robustness.draws)",
      "seed": "\(plan.robustness.seed)", "version": SmootCommand.version,
    ].merging(network.texts) { $1 }
    if let surroundings {
      result["references"] = surroundings.references?.description
      if plan.method.method.needs.contains(.pixelRange) {
        result["pixel range"] = surroundings.pixelRange.text
      }
    }
    return result
  }

  func write(_ report: RobustnessReport, to folder: String) throws {
    let base = folder + "/robustness"
    try RunDirectory(path: folder).write(report, to: base + ".json")
    try ReportFile.write(report.entryTable().csv(), to: base + ".csv")
    let tables = report.summaryTables().map { $0.markdown() }
    try ReportFile.write(tables.joined(separator: "\n"), to: base + ".md")
    for score in report.scores {
      for distortion in report.distortions {
        guard let figure = report.plot(distortion, score)?.figure() else { continue }
        try figure.write(to: "\(folder)/\(distortion.name)-\(score.name).png")
        try figure.write(to: "\(folder)/\(distortion.name)-\(score.name).svg")
      }
      guard let figure = report.maskRatioPlot(score)?.figure() else { continue }
      try figure.write(to: "\(folder)/mask-ratio-\(score.name).png")
      try figure.write(to: "\(folder)/mask-ratio-\(score.name).svg")
    }
  }
}
