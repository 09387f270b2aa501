extension FaithfulnessReport {
  /// Methods in rows and scores in columns, for one run; a last row says how long each measure took.
  ///
  /// - Parameters:
  ///   - run: the run.
  ///   - width: the columns of a terminal that a table may take, if there is more than one score in it; with more scores there are several tables.
  public func tables(of run: String, width: Int = .max) -> [Table] {
    var parts: [[Score]] = []
    var room = 0
    for score in scores {
      let column = max(score.heading.count, Self.numberWidth) + 2
      if parts.isEmpty || column > room {
        parts.append([])
        room = width - Self.otherWidth
      }
      parts[parts.count - 1].append(score)
      room -= column
    }
    return parts.map { table(run, $0) }
  }

  /// About how wide a mean with its interval is.
  private static let numberWidth = 16
  /// About how wide the names and the last column are.
  private static let otherWidth = 34

  private func table(_ run: String, _ scores: [Score]) -> Table {
    var table = Table(
      title: "\(run): mean and 95 % confidence interval; the arrow points to the better end",
      columns: [.init("method")] + scores.map { .init($0.heading, .right) }
        + [.init("maps, s", .right)])
    for method in methods {
      let cells = scores.map { score -> Table.Cell in
        entry(run, method, score.name)?.text.map { .text($0) } ?? .missing
      }
      let time = times.first { $0.run == run && $0.method == method && $0.measure == "maps" }
      table.append(
        [.text(controls.contains(method) ? "\(method) (control)" : method)] + cells
          + [time.map { .real($0.seconds, digits: 2) } ?? .missing])
    }
    // A measure that finds several scores takes its time once.
    var counted = Set<String>()
    let seconds = scores.map { score -> Table.Cell in
      guard counted.insert(score.measure).inserted else { return .text("\"") }
      return self.seconds(run, measure: score.measure).map { .real($0, digits: 2) } ?? .missing
    }
    table.append([.text("seconds")] + seconds + [.missing])
    return table
  }

  /// One row a run, method and score: everything but times, for other programs.
  public func scoreTable() -> Table {
    var table = Table(columns: [
      .init("run"), .init("method"), .init("measure"), .init("score"), .init("better"),
      .init("mean", .right), .init("lower", .right), .init("upper", .right), .init("std", .right),
      .init("images", .right), .init("undefined", .right),
    ])
    for entry in entries {
      guard let score = scores.first(where: { $0.name == entry.score }) else { continue }
      let numbers = [entry.mean, entry.lower, entry.upper, entry.standardDeviation]
      table.append(
        [
          .text(entry.run), .text(entry.method), .text(score.measure), .text(score.name),
          .text(score.isLowerBetter ? "lower" : "higher"),
        ] + numbers.map { $0.map { .real($0, digits: 6) } ?? .missing }
          + [.integer(entry.count), .integer(entry.undefined)])
    }
    return table
  }

  /// All tables as one page, with the conditions.
  public func markdown() -> String {
    let parts = runs.flatMap { tables(of: $0).map { $0.markdown() } }
    let settings = conditions.sorted { $0.key < $1.key }.map { "- \($0.key): \($0.value)" }
    return "# Faithfulness\n\n" + parts.joined(separator: "\n")
      + "\n## Conditions\n\n" + settings.joined(separator: "\n") + "\n"
  }
}

extension FaithfulnessReport.Entry {
  /// The mean and half the width of the interval, which need not be symmetric.
  var text: String? {
    guard let mean else { return nil }
    guard let lower, let upper else { return NumberFormat.significant(mean, digits: 3) }
    let reach = (upper - lower) / 2
    return
      "\(NumberFormat.significant(mean, digits: 3)) ± \(NumberFormat.significant(reach, digits: 2))"
  }
}
