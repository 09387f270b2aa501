extension AccuracyDropReport {
  /// What the band around a mean curve shows.
  public enum Band: String, Codable, CaseIterable, Sendable {
    /// One sample standard deviation to both sides.
    case standardDeviation = "std"
    /// From the lowest to the highest curve.
    case extremes = "range"
    /// Nothing.
    case none
  }

  /// The groups' mean curves with bands; AUC in the legend; chance orders grey and dotted.
  public func plot(
    title: String = "Accuracy when the most salient pixels are replaced",
    by grouping: Grouping = .method, band: Band = .standardDeviation
  ) -> LinePlot {
    let groups = groups(by: grouping)
    let series = groups.map { group in
      LineSeries(
        name: Self.legend(group), x: group.percent, y: group.mean,
        band: Self.edges(of: group, band), color: group.isControl ? Palette.control : nil,
        dash: group.isControl ? .dotted : nil)
    }
    let words = [sharedWords, Self.words(groups, band), "lower is better"]
    return LinePlot(
      title: title, subtitle: words.filter { !$0.isEmpty }.joined(separator: " · "),
      xLabel: "pixels replaced (%)", yLabel: "accuracy (%)", series: series, yRange: 0...102)
  }

  private static func legend(_ group: AccuracyDropGroup) -> String {
    let spread = group.aucDeviation.map { " ± \(NumberFormat.fixed($0, digits: 2))" } ?? ""
    return "\(group.name)  (AUC \(NumberFormat.fixed(group.meanAUC, digits: 2))\(spread))"
  }

  private static func edges(
    of group: AccuracyDropGroup, _ band: Band
  ) -> (low: [Double], high: [Double])? {
    guard let deviation = group.standardDeviation else {
      return band == .none ? nil : group.runs[0].interval
    }
    switch band {
    case .none: return nil
    case .extremes: return group.extremes
    case .standardDeviation:
      let mean = group.mean
      return (
        zip(mean, deviation).map { $0 - $1 }, zip(mean, deviation).map { $0 + $1 }
      )
    }
  }

  /// What lines and bands are.
  static func words(_ groups: [AccuracyDropGroup], _ band: Band) -> String {
    let curves = groups.map(\.runs.count)
    let (low, high) = (curves.min() ?? 0, curves.max() ?? 0)
    guard high > 1 else {
      let hasBand = band != .none && groups.contains { $0.runs[0].interval != nil }
      return hasBand ? "band: 95 % interval over images" : ""
    }
    let count = low == high ? "\(high)" : "\(low) to \(high)"
    return switch band {
    case .standardDeviation: "mean of \(count) seeds, band: ± 1 standard deviation"
    case .extremes: "mean of \(count) seeds, band: lowest to highest"
    case .none: "mean of \(count) seeds"
    }
  }
}
