/// Finds what an axis spans.
enum AxisRange {
  /// A range of a length above zero around the finite ones of some numbers, with a margin as a
  /// share of its length.
  static func covering(_ values: some Sequence<Double>, margin: Double) -> ClosedRange<Double> {
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where value.isFinite {
      low = min(low, value)
      high = max(high, value)
    }
    guard low <= high else { return 0...1 }
    return widened(low...high, margin: margin)
  }

  /// The range with a margin; a single number gets some room on both sides.
  static func widened(_ range: ClosedRange<Double>, margin: Double) -> ClosedRange<Double> {
    let length = range.upperBound - range.lowerBound
    let magnitude = max(abs(range.lowerBound), abs(range.upperBound))
    let room = length > magnitude * 1e-12 ? length * margin : magnitude > 0 ? magnitude * 0.1 : 0.5
    return range.lowerBound - room...range.upperBound + room
  }
}
