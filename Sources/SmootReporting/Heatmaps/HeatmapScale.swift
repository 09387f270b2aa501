import Foundation

/// How the numbers of one or more attribution maps become colours.
public struct HeatmapScale: Codable, Equatable, Sendable {
  /// Which part of a number is shown.
  public enum Sign: String, Codable, CaseIterable, Sendable {
    /// Negative and positive, around zero.
    case signed
    /// The magnitude.
    case absolute
    /// What is above zero.
    case positive
    /// The magnitude of what is below zero.
    case negative

    /// The shown part of a number.
    func part(of value: Double) -> Double {
      switch self {
      case .signed: value
      case .absolute: abs(value)
      case .positive: max(value, 0)
      case .negative: max(-value, 0)
      }
    }
  }

  /// Whether there is anything to show.
  public enum Status: String, Codable, Sendable {
    /// Some number differs from zero.
    case scaled
    /// Every finite number's shown part is zero.
    case allZero
    /// There is no finite number.
    case noFiniteValues
  }

  /// Which part of a number is shown.
  public let sign: Sign
  /// The percentile of the magnitudes that was asked for as the limit, 0 to 100.
  public let percentile: Double
  /// The magnitude from which on a number has the strongest colour; 0 if there is nothing to show.
  public let limit: Double
  /// Whether the limit is the maximum, not the percentile, because that is zero.
  public let isMaximum: Bool
  /// The largest magnitude.
  public let maximum: Double
  /// Whether there is anything to show.
  public let status: Status
  /// How many numbers are NaN or infinite.
  public let notFinite: Int
  /// What a number of 1 is, for maps in units of their own, such as `each map's own 99th percentile`.
  public let unit: String?

  /// Finds the scale that maps share.
  ///
  /// The limit is the percentile of the shown magnitudes of all maps together, interpolated between
  /// ranks; if that is zero
  /// although some number is not, it is the maximum, and the description says so.
  ///
  /// - Parameters:
  ///   - maps: the numbers of each map.
  ///   - sign: which part of a number is shown.
  ///   - percentile: 0 to 100; 100 cuts nothing off.
  public init(of maps: [[Float]], sign: Sign, percentile: Double = 99) {
    precondition(
      percentile >= 0 && percentile <= 100, "a percentile of \(percentile) is not in 0 to 100")
    var magnitudes: [Double] = []
    magnitudes.reserveCapacity(maps.reduce(0) { $0 + $1.count })
    var notFinite = 0
    for map in maps {
      for value in map {
        if value.isFinite {
          magnitudes.append(abs(sign.part(of: Double(value))))
        } else {
          notFinite += 1
        }
      }
    }
    magnitudes.sort()
    self.sign = sign
    self.percentile = percentile
    self.notFinite = notFinite
    unit = nil
    maximum = magnitudes.last ?? 0
    let wanted = Statistics.percentile(percentile, ofSorted: magnitudes) ?? 0
    isMaximum = wanted == 0 && maximum > 0
    limit = isMaximum ? maximum : wanted
    status = magnitudes.isEmpty ? .noFiniteValues : maximum > 0 ? .scaled : .allZero
  }

  /// The scale of maps that were divided by what shall have the strongest colour.
  ///
  /// - Parameters:
  ///   - unit: what they were divided by, in words.
  ///   - maps: the numbers of each map after the division.
  ///   - sign: which part of a number is shown.
  ///   - percentile: the percentile of the magnitudes that was the divisor, 0 to 100.
  public init(inUnitsOf unit: String, _ maps: [[Float]], sign: Sign, percentile: Double = 99) {
    let own = HeatmapScale(of: maps, sign: sign, percentile: percentile)
    self.sign = sign
    self.percentile = percentile
    self.unit = unit
    limit = own.status == .scaled ? 1 : 0
    isMaximum = false
    maximum = own.maximum
    status = own.status
    notFinite = own.notFinite
  }

  /// The scale of these maps and others, all divided by what shall have the strongest colour.
  ///
  /// - Precondition: both have the same unit, sign and percentile.
  package func joined(with other: HeatmapScale) -> HeatmapScale {
    precondition(
      unit != nil && unit == other.unit && sign == other.sign && percentile == other.percentile,
      "\(self) and \(other) are not in the same units")
    return HeatmapScale(joining: self, other)
  }

  private init(joining first: HeatmapScale, _ second: HeatmapScale) {
    (sign, percentile, unit) = (first.sign, first.percentile, first.unit)
    (limit, isMaximum) = (max(first.limit, second.limit), false)
    maximum = max(first.maximum, second.maximum)
    notFinite = first.notFinite + second.notFinite
    let both = [first.status, second.status]
    status = both.contains(.scaled) ? .scaled : both.contains(.allZero) ? .allZero : .noFiniteValues
  }

  /// The map's place of a finite number, in [0, 1]; zero is at 0.5 if the scale is signed, else at
  /// 0.
  public func place(of value: Float) -> Double {
    guard limit > 0 else { return sign == .signed ? 0.5 : 0 }
    let ratio = min(max(sign.part(of: Double(value)) / limit, -1), 1)
    return sign == .signed ? (ratio + 1) / 2 : ratio
  }

  /// The scale in words.
  public var summary: String {
    guard status == .scaled else { return note ?? "" }
    let value = NumberFormat.significant(limit, digits: 3)
    let end = sign == .signed ? "±\(value)" : value
    let name = "percentile \(NumberFormat.shortest(percentile)) of the magnitudes"
    let source =
      if percentile == 100 {
        "the maximum"
      } else if isMaximum {
        "the maximum, since \(name) is zero"
      } else {
        name
      }
    let missing = notFinite > 0 ? "; \(NumberFormat.grouped(notFinite)) not finite" : ""
    if let unit { return "\(sign.rawValue), full colour at \(end) = \(unit)\(missing)" }
    return "\(sign.rawValue), full colour at \(end) (\(source))\(missing)"
  }

  /// What to write on a map that shows nothing; nil if there is something to see.
  public var note: String? {
    switch status {
    case .scaled: nil
    case .allZero: sign == .signed || sign == .absolute ? "all zero" : "nothing \(sign.rawValue)"
    case .noFiniteValues: "not finite"
    }
  }
}
