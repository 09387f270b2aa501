import ArgumentParser
import Foundation
import Smoot

/// `smoot auc`: accuracy-drop curves of several models.
struct AUCCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "auc",
    abstract: "Measure how accuracy drops when the most salient pixels are removed.",
    discussion: """
      The lower the curve, the better the saliency told what mattered. A job that was stopped goes on where it stopped when the same command is given again.

      Examples:
        smoot auc Checkpoints/mnist-traditional Checkpoints/mnist-smoot
        smoot auc Checkpoints/mnist-* --fill corner,mean,blur --output auc --json
      """)

  @Argument(help: "Runs' folders or checkpoints.") var models: [String]

  @Option(
    help: ArgumentHelp(
      "What removed pixels become, one or several of: \(RemovalFill.allCases.map(\.rawValue).joined(separator: ", "))."
    ))
  var fill = "corner"

  @Option(help: "Remove first what has the greatest: abs (magnitude) or signed gradient.")
  var order = "abs"

  @Option(help: "The class that the saliency explains: label or pred.") var target = "label"

  @Option(help: "What is differentiated: logit, logprob or prob.") var score = "logprob"

  @Option(help: "How the gradient's channels become one: mean-abs, abs-mean or max.")
  var reduce = "abs-mean"

  @Option(help: "Shares of removed pixels in percent: first:last:step.") var percent = "0:90:10"

  @Option(help: "Divide the area by the span of the shares (span) or not (none).")
  var aucNorm = "none"

  @Option(help: "Where random orders and noise come from.") var seed: UInt64 = 1

  @Flag(inversion: .prefixedNo, help: "Also measure a random order, as a control.")
  var control = true

  @Option(name: [.short, .long], help: "The folder for auc.json, auc.csv, auc.png and auc.svg.")
  var output: String?

  @OptionGroup(title: "Model") var network: NetworkFlags
  @OptionGroup(title: "Data") var images: ImageFlags
  @OptionGroup(title: "Console") var common: CommonFlags

  func run() throws {
    try common.apply()
    StopSignal.listen()
    let options = try parseOptions()
    let folder = output ?? defaultFolder(models, "auc")
    let loaded = try models.map(network.load)
    let datasets = try loaded.map { try images.load(for: $0, common) }
    let journal = try AUCJournal(folder: folder)
    var line = ProgressLine(common.style)
    var runs: [AccuracyDropRun] = []
    for (loaded, dataset) in zip(loaded, datasets) {
      for (options, score) in options {
        let job = AUCJob(model: loaded, dataset: dataset, options: options, score: score)
        runs.append(try job.run(journal, &line))
      }
    }
    line.clear()
    let report = try AccuracyDropReport(runs: runs, conditions: conditions(datasets[0]))
    try write(report, to: folder)
    if common.json {
      Console.write(String(decoding: try report.json(), as: UTF8.self), to: 1)
    } else {
      Console.result(report.summaryTable(by: runs.count > 12 ? .method : .run).text())
      Console.result("\(folder)/auc.png  \(folder)/auc.svg  \(folder)/auc.csv  \(folder)/auc.json")
    }
  }

  private func write(_ report: AccuracyDropReport, to folder: String) throws {
    try ReportFile.write(report.json(), to: folder + "/auc.json")
    try ReportFile.write(report.curveTable().csv(), to: folder + "/auc.csv")
    let figure = report.plot(by: report.groups(by: .run).count > 8 ? .method : .run).figure()
    try figure.write(to: folder + "/auc.png")
    try figure.write(to: folder + "/auc.svg")
  }

  /// What changes the numbers and is not said by each curve.
  private func conditions(_ dataset: ImageDataset) -> [String: String] {
    [
      "dataset": "\(dataset.name) \(dataset.split)", "target": target, "score": score,
      "reduce": reduce, "auc-norm": aucNorm, "seed": "\(seed)",
      "version": SmootCommand.version, "command": GivenCommand.text,
    ].merging(network.texts) { $1 }
  }

  /// The measurements to make for each model.
  private func parseOptions() throws -> [(AccuracyDrop.Options, ScoreKind)] {
    var base = AccuracyDrop.Options()
    base.percent = try parsePercent()
    base.target = try choice("--target", target)
    base.reduce = try choice("--reduce", reduce)
    base.order = try choice("--order", order)
    base.seed = seed
    guard ["none", "span"].contains(aucNorm) else {
      throw CommandError("--auc-norm: \"\(aucNorm)\" is not one of: none|span", exitCode: 64)
    }
    base.isNormalized = aucNorm == "span"
    let kind: ScoreKind = try choice("--score", score)
    var result: [(AccuracyDrop.Options, ScoreKind)] = []
    for name in fill.split(separator: ",") {
      base.fill = try choice("--fill", String(name))
      result.append((base, kind))
      if control, base.order != .random {
        var random = base
        random.order = .random
        result.append((random, kind))
      }
    }
    return result
  }

  private func parsePercent() throws -> [Int] {
    let parts = percent.split(separator: ":").compactMap { Int($0) }
    guard parts.count == 3, parts[0] >= 0, parts[1] <= 100, parts[0] < parts[1], parts[2] > 0
    else {
      throw CommandError(
        "--percent: \"\(percent)\" is not first:last:step within 0 and 100, such as 0:90:10",
        exitCode: 64)
    }
    return Array(stride(from: parts[0], through: parts[1], by: parts[2]))
  }
}
