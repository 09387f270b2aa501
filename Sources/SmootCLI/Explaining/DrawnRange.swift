import Smoot

/// Which numbers of maps have the weakest and the strongest colour.
enum DrawnRange: String, CaseIterable {
  /// Zero, and the 99th percentile of the magnitudes.
  case percentile
  /// The smallest and the largest number, for maps in which zero means nothing.
  case extremes = "minimum-maximum"

  /// What the flag decides.
  static let help =
    "Which numbers have the weakest and the strongest colour: percentile (0 and the 99th percentile of the magnitudes) or minimum-maximum (default: percentile; with --sign abs, minimum-maximum for rise and attention-rollout, whose maps have no zero)."

  /// The limits of maps that are drawn alike.
  func limits(of maps: [[Float]], _ renderer: HeatmapRenderer) -> ClosedRange<Float> {
    switch self {
    case .percentile:
      return 0...Float(renderer.scale(of: maps).limit)
    case .extremes:
      var limits: ClosedRange<Float>?
      for values in maps { limits = Self.extremes(of: values, and: limits) }
      return limits ?? 0...0
    }
  }

  /// The smallest and the largest finite number of a map and of others before it.
  static func extremes(
    of values: [Float], and others: ClosedRange<Float>?
  ) -> ClosedRange<Float>? {
    var limits = others
    for value in values where value.isFinite {
      limits = min(value, limits?.lowerBound ?? value)...max(value, limits?.upperBound ?? value)
    }
    return limits
  }
}

extension ChosenMethod {
  /// Which range its maps are drawn in.
  ///
  /// - Parameters:
  ///   - sign: what is drawn; signed maps are drawn around zero.
  ///   - chosen: the range that was asked for, if any.
  func range(_ sign: HeatmapScale.Sign, chosen: DrawnRange? = nil) -> DrawnRange {
    chosen ?? (description.hasZero || sign == .signed ? .percentile : .extremes)
  }
}
