/// The mean of the curves of many images, with a band.
public struct CurveSummary: Sendable, Codable, Equatable {
  /// Where the curves are measured.
  public let places: MeasuredCurves.Places
  /// The mean at each place; `nil` where no image has a value.
  public let means: [Double?]
  /// Where the true mean probably is, at each place by itself.
  public let intervals: [ConfidenceInterval?]

  /// Summarizes curves.
  ///
  /// - Parameters:
  ///   - curves: one for each image.
  ///   - level: how often an interval shall hold the true mean.
  ///   - method: how the intervals are found.
  public init(
    _ curves: MeasuredCurves, level: Double = 0.95, method: ConfidenceInterval.Method = .normal
  ) {
    places = curves.places
    means = (0..<curves.places.count).map { place in
      let values = curves.values.compactMap { $0[place] }
      return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
    let found = ConfidenceInterval.intervals(curves.values, level: level, method: method)
    intervals = found.isEmpty ? curves.places.noIntervals : found
  }
}

extension MeasuredCurves.Places {
  /// What the curves of no images have.
  fileprivate var noIntervals: [ConfidenceInterval?] { Array(repeating: nil, count: count) }
}
