extension RunReport {
  /// What it takes to do all this again.
  var reproduction: PageSection {
    var blocks: [PageBlock] = [
      .paragraph(
        "The same commands give the same bits with any number of threads and after any interruption, on processors with the same kernels."
      )
    ]
    for run in runs {
      blocks.append(.heading("Training \(run.name)"))
      if let command = run.command {
        blocks.append(.code([command]))
      } else {
        blocks.append(.missing("the command, since the run's settings are not known."))
      }
    }
    blocks.append(.heading("Measuring and reporting"))
    let given =
      accuracyDrops.map { ($0.source, $0.report.conditions?["command"]) }
      + faithfulness.map { ($0.source, Optional($0.report.conditions)?["command"]) }
    let measured = given.compactMap(\.1).flatMap { $0.split(separator: "\n").map(String.init) }
    blocks.append(.code(Self.unique(measured) + [command]))
    for (source, known) in given where known == nil {
      blocks.append(.missing("the command that made \(source), which an older version wrote."))
    }
    blocks.append(.heading("What was used"))
    blocks.append(factTable)
    blocks += faithfulness.map { .table(Self.conditions($0)) }
    return PageSection("reproduction", title: "How to reproduce", blocks)
  }

  private static func unique(_ texts: [String]) -> [String] {
    var seen = Set<String>()
    return texts.filter { seen.insert($0).inserted }
  }

  /// Versions, seeds and digests of the runs.
  private var factTable: PageBlock {
    let names = Self.unique(runs.flatMap { $0.facts.map(\.name) })
    guard !names.isEmpty else { return .missing("no run has a run.json that can be read.") }
    return .table(
      PageTable(
        caption: "Versions, seeds, machines and SHA-256 digests, from each run's own record.",
        corner: "", columns: runs.map { .init($0.name) },
        rows: names.map { name in
          PageTable.Row(
            name,
            cells: runs.map { run in
              .init(run.facts.first { $0.name == name }?.value ?? "")
            })
        }))
  }

  /// Everything that changes the numbers of a file.
  private static func conditions(_ part: Faithfulness) -> PageTable {
    let shown = part.report.conditions.filter { $0.key != "command" }.sorted { $0.key < $1.key }
    return PageTable(
      caption: "What the numbers of \(part.source) depend on.", corner: "condition",
      columns: [.init("value")], rows: shown.map { .init($0.key, cells: [.init($0.value)]) })
  }
}
