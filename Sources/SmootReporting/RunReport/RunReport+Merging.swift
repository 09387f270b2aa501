extension RunReport {
  /// Puts results together that differ in nothing but the runs, so that they share figures and tables.
  ///
  /// Results of one run each, made one after the other, compare like those of one command then; their commands are kept, one a line.
  public mutating func mergeResults() {
    accuracyDrops = Self.groups(accuracyDrops) { Self.comparable($0.report.conditions ?? [:]) }
      .compactMap { parts in
        var conditions = parts[0].report.conditions
        if conditions != nil {
          conditions?["command"] = Self.commands(parts.map { $0.report.conditions ?? [:] })
        }
        let all = parts.flatMap(\.report.runs)
        let sorted = runs.flatMap { run in all.filter { $0.run == run.name } }
        return (try? AccuracyDropReport(runs: sorted, conditions: conditions)).map {
          AccuracyDrop(source: Self.sources(parts.map(\.source)), report: $0)
        }
      }
    faithfulness = Self.groups(faithfulness) { part in
      let report = part.report
      return Self.comparable(report.conditions)
        .merging(["": "\(report.methods) \(report.scores.map(\.name))"]) { $1 }
    }.map { parts in
      var report = parts[0].report
      for part in parts.dropFirst() {
        report.entries += part.report.entries
        report.times += part.report.times
        report.curves += part.report.curves
      }
      let found = Set(report.entries.map(\.run))
      report.runs = runs.map(\.name).filter(found.contains)
      report.conditions["command"] = Self.commands(parts.map(\.report.conditions))
      return Faithfulness(source: Self.sources(parts.map(\.source)), report: report)
    }
  }

  private static func comparable(_ conditions: [String: String]) -> [String: String] {
    conditions.filter { $0.key != "command" }
  }

  private static func sources(_ sources: [String]) -> String {
    sources.sorted().joined(separator: " and ")
  }

  private static func commands(_ conditions: [[String: String]]) -> String? {
    let known = Set(conditions.compactMap { $0["command"] }).sorted()
    return known.isEmpty ? nil : known.joined(separator: "\n")
  }

  /// Parts with the same key, in the order of their first ones.
  private static func groups<Part>(
    _ parts: [Part], by key: (Part) -> [String: String]
  ) -> [[Part]] {
    var keys: [[String: String]] = []
    var members: [[String: String]: [Part]] = [:]
    for part in parts {
      let key = key(part)
      if members[key] == nil { keys.append(key) }
      members[key, default: []].append(part)
    }
    return keys.compactMap { members[$0] }
  }
}
