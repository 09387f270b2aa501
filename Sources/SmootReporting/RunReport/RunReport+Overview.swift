extension RunReport {
  /// What was run and how it ended, with what the report could not find.
  var overview: PageSection {
    var blocks: [PageBlock] = warnings.map { .warning($0) }
    blocks += runs.flatMap { run in run.missing.map { PageBlock.missing("\(run.name): \($0)") } }
    blocks.append(.table(runTable))
    if let table = seedTable { blocks.append(.table(table)) }
    return PageSection("runs", title: "Runs", blocks)
  }

  private var runTable: PageTable {
    // Numbers that no run has need no column.
    let numbers: [(name: String, quantity: ReportedRun.Quantity, digits: Int)] = [
      ("test accuracy, %", .testAccuracy, 2), ("validation accuracy, %", .validationAccuracy, 2),
      ("median k", .medianMaskSize, 0),
    ].filter { number in runs.contains { $0.last(number.1) != nil } }
    return PageTable(
      caption:
        "Every run, as its last epoch left it\(numbers.contains { $0.quantity == .medianMaskSize } ? "; k is the mask size in mask elements" : "").",
      corner: "run",
      columns: [
        .init("method"), .init("data set"), .init("network"), .init("seed", .right),
        .init("epochs", .right),
      ] + numbers.map { .init($0.name, .right) } + [.init("ended")],
      rows: runs.map { run in
        PageTable.Row(
          run.name, detail: run.path == run.name ? "" : run.path,
          cells: [
            .init(run.setting("method") ?? ""), .init(run.setting("dataset") ?? ""),
            .init(run.setting("model") ?? ""), .init(run.setting("seed") ?? ""),
            .init(run.epochs.last.map { "\($0.number)" } ?? ""),
          ]
            + numbers.map { number in
              let value = run.last(number.quantity)
              return .init(value.map { NumberFormat.fixed($0, digits: number.digits) } ?? "")
            } + [.init(run.outcome)])
      })
  }

  /// Means over seeds, if any two runs differ in the seed alone.
  private var seedTable: PageTable? {
    let groups = RunGroup.groups(of: runs).filter { $0.runs.count > 1 }
    guard !groups.isEmpty else { return nil }
    return PageTable(
      caption: "Runs that differ in nothing but the seed: mean and sample standard deviation.",
      corner: "runs", columns: [.init("seeds"), .init("test accuracy, %", .right)],
      rows: groups.map { group in
        let values = group.runs.compactMap { $0.last(.testAccuracy) }
        let seeds = group.runs.compactMap { $0.setting("seed") }.joined(separator: ", ")
        let mean = values.isEmpty ? "" : NumberFormat.fixed(Statistics.mean(values), digits: 2)
        let spread = Statistics.standardDeviation(values).map {
          " ± \(NumberFormat.fixed($0, digits: 2))"
        }
        return PageTable.Row(group.name, cells: [.init(seeds), .init(mean + (spread ?? ""))])
      })
  }
}
