extension FaithfulnessReport {
  /// All runs in one picture, methods in rows and scores in columns; each column has its own scale over all rows.
  public func plot() -> ScoreTablePlot {
    let groups = runs.map { run in
      ScoreTablePlot.Group(
        title: runs.count == 1 ? "" : run,
        rows: methods.map { method in
          ScoreTablePlot.Row(
            label: controls.contains(method) ? "\(method) (control)" : method,
            cells: scores.map { score in
              let mean = entry(run, method, score.name)?.mean
              return ScoreTablePlot.Cell(
                mean.map { NumberFormat.typeset(NumberFormat.significant($0, digits: 3)) } ?? "–",
                goodness: mean.flatMap { goodness($0, score) })
            })
        })
    }
    let images = conditions["images"].map { " · \($0) images" } ?? ""
    let name = runs.count == 1 ? " of \(runs[0])" : ""
    return ScoreTablePlot(
      title: "Faithfulness\(name)",
      subtitle:
        "means\(images) · in each column white is the worst and blue the best of all rows · the arrow points to the better end",
      columns: scores.map { "\($0.title) \($0.isLowerBetter ? "↓" : "↑")" }, groups: groups)
  }

  /// How good a number is among all of its score; nil where all are equal.
  private func goodness(_ value: Double, _ score: Score) -> Double? {
    let all = entries.filter { $0.score == score.name }.compactMap(\.mean)
    guard let low = all.min(), let high = all.max(), high > low else { return nil }
    let place = (value - low) / (high - low)
    return score.isLowerBetter ? 1 - place : place
  }
}
