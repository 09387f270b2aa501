import Foundation

/// Round numbers along an axis.
package struct Ticks: Equatable, Sendable {
  /// The numbers, ascending, all within the axis.
  package let values: [Double]
  /// How they are written, all with the same digits after the point.
  package let labels: [String]

  init(values: [Double], labels: [String]) {
    self.values = values
    self.labels = labels
  }

  /// Chooses multiples of 1, 2, 2.5 or 5 times a power of ten.
  ///
  /// - Parameters:
  ///   - range: the axis; finite, of a length above zero.
  ///   - count: about how many at most.
  ///   - isWhole: whether all are whole numbers, as counts are.
  package init(in range: ClosedRange<Double>, count: Int, isWhole: Bool = false) {
    let finest = Self.step(for: range.upperBound - range.lowerBound, count: count)
    let step = isWhole ? (finest <= 1 ? 1 : finest == 2.5 ? 5 : finest) : finest
    let first = (range.lowerBound / step - 1e-9).rounded(.up)
    let last = (range.upperBound / step + 1e-9).rounded(.down)
    values = first <= last ? stride(from: first, through: last, by: 1).map { ($0 + 0) * step } : []
    let largest = values.map(abs).max() ?? 0
    if largest >= 1e7 || step < 1e-5 {
      let top = log10(max(largest, step)).rounded(.down)
      let digits = max(0, Int(top - log10(step).rounded(.down))) + (Self.isQuarter(step) ? 1 : 0)
      labels = values.map { String(format: "%.\(digits)e", $0) }
    } else {
      let digits = Self.digits(of: step)
      labels = values.map { value in
        digits == 0 && largest >= 10_000
          ? NumberFormat.grouped(Int(value.rounded())) : NumberFormat.fixed(value, digits: digits)
      }
    }
  }

  /// The smallest round step that needs at most `count` intervals.
  static func step(for length: Double, count: Int) -> Double {
    let rough = length / Double(max(count, 1))
    let power = pow(10, log10(rough).rounded(.down))
    let factor = [1, 2, 2.5, 5].first { $0 * power >= rough * (1 - 1e-9) } ?? 10
    return factor * power
  }

  /// Whether a step is 2.5 times a power of ten, which takes two digits.
  private static func isQuarter(_ step: Double) -> Bool {
    abs(step / pow(10, log10(step).rounded(.down)) - 2.5) < 0.01
  }

  /// How many digits after the point a step needs.
  private static func digits(of step: Double) -> Int {
    var digits = 0
    var value = step
    while digits < 10, abs(value - value.rounded()) > 1e-6 * value {
      value *= 10
      digits += 1
    }
    return digits
  }
}
