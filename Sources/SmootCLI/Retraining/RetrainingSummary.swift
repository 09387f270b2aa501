import Foundation
import Smoot

/// The accuracies of a job of retraining as a report.
struct RetrainingSummary {
  let job: RetrainingJob
  let curves: [RetrainingJob.Curve]

  /// What the JSON file holds.
  struct Record: Encodable {
    let conditions: [String: String]
    let runs: [AccuracyDropRun]
  }

  private var isRemoval: Bool { job.kind == .remove }

  /// Accuracy against the share of replaced pixels, a curve for each method and seed.
  func report() throws -> AccuracyDropReport {
    try AccuracyDropReport(
      runs: curves.map { curve in
        let name = curve.method?.name ?? "unchanged"
        let percent = curve.points.map { Double($0.replaced) }
        let accuracies = curve.points.map(\.accuracy)
        return AccuracyDropRun(
          run: "\(job.loaded.name) seed \(curve.seed)", method: name, seed: curve.seed,
          fill: "mean", order: name == RandomMap.description.name ? "random" : job.values.rawValue,
          percent: percent, curve: accuracies,
          auc: Self.area(percent, accuracies))
      })
  }

  /// The area under a curve of percentages over shares from 0 to 1.
  private static func area(_ percent: [Double], _ curve: [Double]) -> Double {
    var area = 0.0
    for index in 1..<max(1, curve.count) {
      let width = (percent[index] - percent[index - 1]) / 100
      area += width * (curve[index] + curve[index - 1]) / 2
    }
    return area
  }

  private var title: String {
    isRemoval
      ? "Accuracy after retraining without the most important pixels (ROAR)"
      : "Accuracy after retraining on the most important pixels alone (KAR)"
  }

  private var direction: String {
    isRemoval ? "lower is more faithful" : "higher is more faithful"
  }

  /// One row a method, with the accuracy at each share of replaced pixels.
  func table(_ report: AccuracyDropReport) -> Table {
    var table = report.summaryTable(shares: curves.first?.points.map { Double($0.replaced) })
    table.title = "\(title); at shares of replaced pixels, \(direction)"
    return table
  }

  /// The conditions and the curves.
  func record() throws -> Record { Record(conditions: conditions, runs: try report().runs) }

  func write(_ report: AccuracyDropReport, to folder: String) throws {
    let base = "\(folder)/\(job.kind.rawValue)"
    try RunDirectory(path: folder).write(try record(), to: base + ".json")
    try ReportFile.write(report.curveTable().csv(), to: base + ".csv")
    try ReportFile.write(table(report).markdown(), to: base + ".md")
    var plot = report.plot(title: title)
    plot.subtitle = [
      "\(job.loaded.name), \(job.configuration.epochs) epochs", "fill: mean of the channel",
      job.seeds.count > 1
        ? "mean of \(job.seeds.count) seeds, band: ± 1 standard deviation" : "", direction,
    ].filter { !$0.isEmpty }.joined(separator: " · ")
    let figure = plot.figure()
    try figure.write(to: base + ".png")
    try figure.write(to: base + ".svg")
  }

  /// Everything that changes the numbers, as text.
  private var conditions: [String: String] {
    var result = [
      "run": job.loaded.path, "mode": job.kind.rawValue, "epochs": "\(job.configuration.epochs)",
      "seeds": job.seeds.map { "\($0)" }.joined(separator: ","), "rank": job.values.rawValue,
      "fill": "mean of each channel over the training images",
      "dataset": job.sets.training.name, "training images": "\(job.sets.training.count)",
      "test images": "\(job.sets.test.count)",
      "accuracy": "on test images with pixels replaced, after the last epoch",
      "initial weights": job.configuration.initial.map { "\($0)" } ?? "random",
      "version": SmootCommand.version,
    ]
    if let references = job.stores.first?.surroundings.references {
      result["references"] = references.description
    }
    for store in job.stores {
      let options = store.method.resolved.sorted { $0.key < $1.key }
      result["method \(store.method.name)"] =
        "score=\(store.method.score.rawValue) target=\(store.target.rawValue) rectify=\(store.rectification.rawValue) seed=\(store.seed) "
        + options.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }
    return result
  }
}
