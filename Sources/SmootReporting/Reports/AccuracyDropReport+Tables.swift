extension AccuracyDropReport {
  /// One row a group: how many curves, AUC with its spread, and accuracies at the shares that all
  /// groups have.
  ///
  /// - Parameters:
  ///   - grouping: which curves are averaged.
  ///   - shares: the shares to show accuracies at; by default the first and those nearest to a
  ///     quarter, half and three quarters.
  public func summaryTable(by grouping: Grouping = .method, shares: [Double]? = nil) -> Table {
    let groups = groups(by: grouping)
    let shown = shares ?? defaultShares(groups)
    let accuracyColumns = shown.map {
      Table.Column("at \(NumberFormat.shortest($0)) %", .right)
    }
    let title =
      "Accuracy drop" + (sharedWords.isEmpty ? "" : " (\(sharedWords)); lower AUC is better")
    var table = Table(
      title: title,
      columns: [
        .init(grouping == .run ? "run" : "method"), .init("curves", .right), .init("AUC", .right),
        .init("± std", .right),
      ] + accuracyColumns)
    for group in groups {
      let means = group.mean
      let accuracies = shown.map { share -> Table.Cell in
        group.percent.firstIndex(of: share).map { .real(means[$0], digits: 2) } ?? .missing
      }
      table.append(
        [
          .text(group.name), .integer(group.runs.count), .real(group.meanAUC, digits: 2),
          group.aucDeviation.map { .real($0, digits: 2) } ?? .missing,
        ] + accuracies)
    }
    return table
  }

  /// One row a run and share: everything in the report, for other programs.
  public func curveTable() -> Table {
    var table = Table(columns: [
      .init("run"), .init("method"), .init("seed", .right), .init("attribution"), .init("fill"),
      .init("order"), .init("percent", .right), .init("accuracy", .right), .init("auc", .right),
    ])
    for run in runs {
      for (percent, accuracy) in zip(run.percent, run.curve) {
        table.append([
          .text(run.run), .text(run.method), .text(String(run.seed)),
          run.attribution.map { .text($0) } ?? .missing, .text(run.fill), .text(run.order),
          .real(percent, digits: 1), .real(accuracy, digits: 2), .real(run.auc, digits: 4),
        ])
      }
    }
    return table
  }

  private func defaultShares(_ groups: [AccuracyDropGroup]) -> [Double] {
    guard let first = groups.first else { return [] }
    let common = first.percent.filter { share in
      groups.allSatisfy { $0.percent.contains(share) }
    }
    guard let low = common.first, let high = common.last else { return [] }
    var shown: [Double] = []
    for quarter in [0, 0.25, 0.5, 0.75] {
      let wanted = low + (high - low) * quarter
      let nearest = common.min { abs($0 - wanted) < abs($1 - wanted) } ?? low
      if !shown.contains(nearest) { shown.append(nearest) }
    }
    return shown
  }
}
