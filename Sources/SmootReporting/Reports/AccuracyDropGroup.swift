/// Curves that are averaged: the same training and evaluation with several seeds.
public struct AccuracyDropGroup: Sendable {
  /// What tells the group from others in the report.
  public let name: String
  /// The curves, one or more, with the same shares.
  public let runs: [AccuracyDropRun]

  init(name: String, runs: [AccuracyDropRun]) {
    precondition(!runs.isEmpty, "a group of no runs")
    self.name = name
    self.runs = runs
  }

  /// Shares of pixels replaced, in percent.
  public var percent: [Double] { runs[0].percent }
  /// The mean accuracy at each share, in percent.
  public var mean: [Double] { percent.indices.map { Statistics.mean(accuracies(at: $0)) } }
  /// The sample standard deviation of the accuracy at each share; nil for a single curve.
  public var standardDeviation: [Double]? {
    guard runs.count > 1 else { return nil }
    return percent.indices.map { Statistics.standardDeviation(accuracies(at: $0)) ?? 0 }
  }
  /// The lowest and the highest accuracy at each share.
  public var extremes: (low: [Double], high: [Double]) {
    let columns = percent.indices.map(accuracies)
    return (columns.map { $0.min() ?? 0 }, columns.map { $0.max() ?? 0 })
  }
  /// The mean area under the curves.
  public var meanAUC: Double { Statistics.mean(runs.map(\.auc)) }
  /// The sample standard deviation of the areas; nil for a single curve.
  public var aucDeviation: Double? { Statistics.standardDeviation(runs.map(\.auc)) }
  /// Whether the order is chance.
  public var isControl: Bool { runs[0].isControl }

  private func accuracies(at place: Int) -> [Double] { runs.map { $0.curve[place] } }
}
