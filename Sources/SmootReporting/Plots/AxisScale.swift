import Foundation

/// How numbers lie along an axis.
public enum AxisScale: Sendable {
  /// Equal differences are equally far apart.
  case linear
  /// Equal ratios are equally far apart; only numbers above zero have a place.
  case logarithmic

  /// A number as it is measured along the axis; not finite where it has no place.
  func coordinate(_ value: Double) -> Double {
    switch self {
    case .linear: value
    case .logarithmic: value > 0 ? log10(value) : .nan
    }
  }

  /// The number at a coordinate.
  func value(at coordinate: Double) -> Double {
    switch self {
    case .linear: coordinate
    case .logarithmic: pow(10, coordinate)
    }
  }

  /// Where a number lies between the ends of a range: 0 at the lower one, 1 at the upper one.
  func place(of value: Double, in range: ClosedRange<Double>) -> Double {
    let (low, high) = (coordinate(range.lowerBound), coordinate(range.upperBound))
    return (coordinate(value) - low) / (high - low)
  }

  /// A range of a length above zero around those numbers that have a place, with a margin as a share of its length.
  func range(covering values: [Double], margin: Double) -> ClosedRange<Double> {
    let range = AxisRange.covering(values.map(coordinate), margin: margin)
    return value(at: range.lowerBound)...value(at: range.upperBound)
  }

  /// Round numbers in a range, about `count` at most.
  func ticks(in range: ClosedRange<Double>, count: Int, isWhole: Bool = false) -> Ticks {
    switch self {
    case .linear: Ticks(in: range, count: count, isWhole: isWhole)
    case .logarithmic: Ticks(logarithmicIn: range, count: count)
    }
  }
}
