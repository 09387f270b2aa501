extension FaithfulnessReport {
  /// All runs in one picture, scores in rows and methods in columns; colours say the rank of a number among all of its score.
  public func plot() -> ScoreTablePlot {
    let groups = runs.map { run in
      ScoreTablePlot.Group(
        title: runs.count == 1 ? "" : run,
        rows: scores.map { score in
          ScoreTablePlot.Row(
            label: "\(score.title) \(score.isLowerBetter ? "↓" : "↑")",
            cells: methods.map { method in
              let mean = entry(run, method, score.name)?.mean
              return ScoreTablePlot.Cell(
                mean.map { NumberFormat.typeset(NumberFormat.significant($0, digits: 3)) } ?? "–",
                goodness: mean.flatMap { rank($0, score) })
            })
        })
    }
    let images = conditions["images"].map { "means of \($0) images" } ?? "means"
    let name = runs.count == 1 ? " of \(runs[0])" : ""
    let others = runs.count == 1 ? "methods" : "methods and runs"
    return ScoreTablePlot(
      title: "Faithfulness\(name)",
      subtitle:
        "\(images) · the arrow points to the better end · colours are ranks among all \(others): blue the best, white the worst",
      columns: methods.map { controls.contains($0) ? "\($0) (control)" : $0 }, groups: groups)
  }

  /// The rank of a number among all of its score, 0 for the worst and 1 for the best; equal numbers share theirs, and it is nil where all are equal.
  ///
  /// Ranks rather than distances, because a control can be worse by orders of magnitude.
  func rank(_ value: Double, _ score: Score) -> Double? {
    let all = entries.filter { $0.score == score.name }.compactMap(\.mean)
    let (less, equal) = (all.count { $0 < value }, all.count { $0 == value })
    guard equal < all.count else { return nil }
    let place = (Double(less) + Double(equal - 1) / 2) / Double(all.count - 1)
    return score.isLowerBetter ? 1 - place : place
  }
}
