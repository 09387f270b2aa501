extension RunReport {
  /// In which settings the runs differ, and what they share beyond defaults.
  var configuration: PageSection {
    let known = runs.filter { !$0.settings.isEmpty }
    guard !known.isEmpty else {
      return PageSection(
        "configuration", title: "Configuration",
        [.missing("no run has a config.resolved.json that can be read.")])
    }
    var blocks: [PageBlock] = []
    let different = settingNames.filter { name in Set(known.map { value($0, name) }).count > 1 }
    if known.count > 1 {
      if different.isEmpty {
        blocks.append(.paragraph("The runs have the same settings, the seed included."))
      } else {
        blocks.append(
          .table(
            table(
              different, of: known, caption: "Settings in which the runs differ.",
              hasOrigins: false)))
      }
    }
    let chosen = settingNames.filter { name in
      !different.contains(name) && known.contains { origin($0, name) != Self.defaultOrigin }
    }
    let whose = known.count > 1 ? "Settings that all runs share" : "Settings"
    if chosen.isEmpty {
      blocks.append(.paragraph("\(whose) have their default values."))
    } else {
      let caption = "\(whose) and that somebody chose; all others have their default values."
      blocks.append(
        .table(table(chosen, of: [known[0]], caption: caption, hasOrigins: true)))
    }
    return PageSection("configuration", title: "Configuration", blocks)
  }

  /// Every setting of every run.
  var allSettings: PageSection {
    let known = runs.filter { !$0.settings.isEmpty }
    let block: PageBlock =
      known.isEmpty
      ? .missing("no run has a config.resolved.json that can be read.")
      : .table(
        table(
          settingNames, of: known,
          caption: "Every setting as it held; small type says where it came from if not a default.",
          hasOrigins: true))
    return PageSection("settings", title: "All settings", [block])
  }

  private static let defaultOrigin = "default"

  /// The names of all settings, in the order of the first run that has them.
  private var settingNames: [String] {
    var seen = Set<String>()
    return runs.flatMap { $0.settings.map(\.name) }.filter { seen.insert($0).inserted }
  }

  private func value(_ run: ReportedRun, _ name: String) -> String {
    run.settings.first { $0.name == name }?.value ?? ""
  }

  private func origin(_ run: ReportedRun, _ name: String) -> String {
    run.settings.first { $0.name == name }?.origin ?? Self.defaultOrigin
  }

  private func table(
    _ names: [String], of runs: [ReportedRun], caption: String, hasOrigins: Bool
  ) -> PageTable {
    if let only = runs.first, runs.count == 1 {
      return PageTable(
        caption: caption, corner: "setting", columns: [.init("value"), .init("from")],
        rows: names.map { .init($0, cells: [.init(value(only, $0)), .init(origin(only, $0))]) })
    }
    return PageTable(
      caption: caption, corner: "setting", columns: runs.map { .init($0.name) },
      rows: names.map { name in
        PageTable.Row(
          name,
          cells: runs.map { run in
            let origin = origin(run, name)
            return PageTable.Cell(
              value(run, name),
              detail: hasOrigins && origin != Self.defaultOrigin ? "from \(origin)" : "")
          })
      })
  }
}
