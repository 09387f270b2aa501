extension RobustnessReport {
  /// A score against the levels of a distortion: a line for each group, with a band of one standard deviation where it has several runs.
  ///
  /// - Returns: nil when no run has the score.
  public func plot(_ distortion: Distortion, _ score: Score) -> LinePlot? {
    let lines = groups.compactMap { group -> LineSeries? in
      let columns = distortion.levels.map { ($0, values(group, distortion.name, $0, score.name)) }
        .filter { !$0.1.isEmpty }
      guard !columns.isEmpty else { return nil }
      return LineSeries(name: group, x: columns.map(\.0), meansOf: columns.map(\.1))
    }
    guard !lines.isEmpty else { return nil }
    let words = [
      conditions["dataset"] ?? "", conditions["images"].map { "\($0) images" } ?? "",
      lines.contains { $0.band != nil } ? "bands: ± 1 standard deviation over seeds" : "",
    ]
    return LinePlot(
      title: "\(score.quantity.capitalizedFirst) under \(distortion.name)",
      subtitle: words.filter { !$0.isEmpty }.joined(separator: " · "),
      xLabel: distortion.quantity, yLabel: score.quantity, series: lines,
      yRange: Self.range(score, lines))
  }

  /// From zero, or from below where a line goes there, to the score's top.
  private static func range(_ score: Score, _ lines: [LineSeries]) -> ClosedRange<Double> {
    let heights = lines.flatMap { $0.y + ($0.band?.low ?? []) }.filter(\.isFinite)
    let least = min(0, heights.min() ?? 0)
    return least - (least < 0 ? 0.02 * score.top : 0)...score.top * 1.02
  }

  /// The mean height of a score's curves against the share of masked entries of the runs' heads: a line for each distortion and kind of head.
  ///
  /// - Returns: nil unless runs with two or more shares have the score.
  public func maskRatioPlot(_ score: Score) -> LinePlot? {
    let heads = Set(runs.filter { $0.maskRatio != nil }.map { $0.head ?? "" }).sorted()
    let lines = heads.flatMap { head in
      distortions.compactMap { distortion -> LineSeries? in
        let runs = runs.filter { $0.maskRatio != nil && $0.head ?? "" == head }
        let columns = Set(runs.compactMap(\.maskRatio)).sorted().map { ratio in
          (
            ratio,
            runs.filter { $0.maskRatio == ratio }.map { curve($0.run, distortion, score.name) }
              .filter { !$0.isEmpty }.map(Self.meanHeight)
          )
        }.filter { !$0.1.isEmpty }
        guard columns.count > 1 else { return nil }
        let name = heads.count > 1 ? "\(distortion.name), \(head)" : distortion.name
        return LineSeries(
          name: name, x: columns.map(\.0), y: columns.map { Statistics.mean($0.1) })
      }
    }
    guard !lines.isEmpty else { return nil }
    return LinePlot(
      title: "\(score.quantity.capitalizedFirst) against the mask ratio",
      subtitle: "mean height of the curves over the levels of each distortion",
      xLabel: "mask ratio in training", yLabel: score.quantity, series: lines,
      yRange: Self.range(score, lines))
  }
}

extension String {
  /// The text with a capital first letter.
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
