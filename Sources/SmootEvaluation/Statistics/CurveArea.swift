/// Areas under curves by the trapezoid rule.
enum CurveArea {
  /// The area under a curve.
  ///
  /// - Parameters:
  ///   - values: the curve.
  ///   - places: where it was measured, ascending.
  static func area(_ values: [Double], at places: [Double]) -> Double {
    precondition(values.count == places.count, "\(values.count) values at \(places.count) places")
    var area = 0.0
    for index in 1..<max(1, values.count) {
      area += (places[index] - places[index - 1]) * (values[index] + values[index - 1]) / 2
    }
    return area
  }

  /// The area divided by the span of the places: the mean height; of a single place, its value.
  static func meanHeight(_ values: [Double], at places: [Double]) -> Double {
    guard let first = places.first, let last = places.last, last > first else {
      return values.first ?? 0
    }
    return area(values, at: places) / (last - first)
  }
}
