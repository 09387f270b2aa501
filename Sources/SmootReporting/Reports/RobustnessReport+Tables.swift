extension RobustnessReport {
  /// A table for each score that there is: one row a group, with the mean height of the score's curve for each distortion; beside confidence the variance at which it falls to a half.
  public func summaryTables() -> [Table] {
    scores.compactMap { score in
      let shown = distortions.filter { distortion in
        groups.contains { !heights($0, distortion, score.name).isEmpty }
      }
      return shown.isEmpty ? nil : summaryTable(score, shown)
    }
  }

  private func summaryTable(_ score: Score, _ distortions: [Distortion]) -> Table {
    let hasHalf = score.name == "confidence" && distortions.contains { $0.name == "noise" }
    let hasSeeds = runs.count > groups.count
    let quantity = score.quantity.prefix(1).uppercased() + score.quantity.dropFirst()
    var table = Table(
      title: quantity + ", mean over the levels of each distortion"
        + (hasSeeds ? ", ± standard deviation over runs" : ""),
      columns: [.init("runs"), .init("count", .right)]
        + distortions.map { .init($0.name, .right) }
        + (hasHalf ? [.init("variance at 0.5", .right)] : []))
    for group in groups {
      let cells = distortions.map {
        Self.cell(heights(group, $0, score.name), digits: score.top > 1 ? 2 : 3)
      }
      table.append(
        [.text(group), .integer(runs.count { $0.group == group })] + cells
          + (hasHalf ? [Self.cell(halfLevels(group), digits: 3)] : []))
    }
    return table
  }

  /// One row a number: everything in the report, for other programs.
  public func entryTable() -> Table {
    var table = Table(columns: [
      .init("run"), .init("group"), .init("seed", .right), .init("mask_ratio", .right),
      .init("distortion"), .init("level", .right), .init("score"), .init("mean", .right),
      .init("images", .right),
    ])
    for entry in entries {
      guard let run = runs.first(where: { $0.run == entry.run }) else { continue }
      table.append([
        .text(run.run), .text(run.group), .text(String(run.seed)),
        run.maskRatio.map { .text("\($0)") } ?? .missing, .text(entry.distortion),
        .text("\(entry.level)"), .text(entry.score),
        entry.mean.map { .real($0, digits: 4) } ?? .missing, .integer(entry.count),
      ])
    }
    return table
  }

  /// For each run of a group the area under a curve divided by the span of its levels.
  func heights(_ group: String, _ distortion: Distortion, _ score: String) -> [Double] {
    runs.filter { $0.group == group }.compactMap {
      let curve = curve($0.run, distortion, score)
      return curve.isEmpty ? nil : Self.meanHeight(curve)
    }
  }

  /// The area under a curve divided by the span of its places; of a single place, its value.
  static func meanHeight(_ curve: [(Double, Double)]) -> Double {
    guard let first = curve.first, let last = curve.last, first.0 != last.0 else {
      return curve.first?.1 ?? 0
    }
    let area = zip(curve, curve.dropFirst()).reduce(0.0) {
      $0 + ($1.1.0 - $1.0.0) * ($1.0.1 + $1.1.1) / 2
    }
    return area / (last.0 - first.0)
  }

  /// For each run of a group the variance at which confidence first falls to a half, between levels along a line; none where a run never does, since a mean of the others would flatter nobody.
  private func halfLevels(_ group: String) -> [Double] {
    guard let noise = distortions.first(where: { $0.name == "noise" }) else { return [] }
    let places = runs.filter { $0.group == group }.map {
      Self.place(of: 0.5, in: curve($0.run, noise, "confidence"))
    }
    return places.contains { $0 == nil } ? [] : places.compactMap(\.self)
  }

  /// Where a curve first falls to a value.
  static func place(of value: Double, in curve: [(Double, Double)]) -> Double? {
    for (left, right) in zip(curve, curve.dropFirst()) where left.1 > value && right.1 <= value {
      return left.0 + (right.0 - left.0) * (left.1 - value) / (left.1 - right.1)
    }
    return nil
  }

  private static func cell(_ values: [Double], digits: Int) -> Table.Cell {
    guard !values.isEmpty else { return .missing }
    let mean = Statistics.mean(values)
    guard let deviation = Statistics.standardDeviation(values) else {
      return .real(mean, digits: digits)
    }
    return .text(
      "\(NumberFormat.fixed(mean, digits: digits)) ± \(NumberFormat.fixed(deviation, digits: digits))"
    )
  }
}
