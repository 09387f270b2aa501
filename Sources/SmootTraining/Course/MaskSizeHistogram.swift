/// How many training images have which mask size.
public struct MaskSizeHistogram: Codable, Sendable, Equatable {
  /// The lower bound of the mask sizes, in mask elements: the lower edge of the first interval.
  public let lower: Double
  /// The upper bound of the mask sizes: the upper edge of the last interval.
  public let upper: Double
  /// How many images there are in each interval; intervals are equally wide and have their lower edge, the last one both.
  public let counts: [Int]

  /// How many intervals there are, unless both bounds are the same.
  public static let intervals = 128

  /// Counts mask sizes.
  ///
  /// - Parameters:
  ///   - sizes: in mask elements; those outside of the bounds count in the first or last interval.
  ///   - bounds: between which values mask sizes stay.
  public init(_ sizes: some Sequence<Double>, bounds: ClosedRange<Double>) {
    lower = bounds.lowerBound
    upper = bounds.upperBound
    let length = upper - lower
    var counts = [Int](repeating: 0, count: length > 0 ? Self.intervals : 1)
    for size in sizes where size.isFinite {
      let share = length > 0 ? min(max((size - lower) / length, 0), 1) : 0
      counts[min(Int(share * Double(counts.count)), counts.count - 1)] += 1
    }
    self.counts = counts
  }
}
