/// The limit of a colour scale of more maps than memory holds, exact, in two passes over them.
///
/// The first pass counts magnitudes by their leading bits, the second those that decide by their trailing bits: magnitudes and their bit patterns have the same order.
package struct MagnitudeCounts {
  private static let trailingBits: UInt32 = 15

  private let sign: HeatmapScale.Sign
  private let percentile: Double
  private var leading = [Int](repeating: 0, count: 1 << 16)
  private var total = 0
  private var maximum: Float = 0

  /// Nothing counted yet.
  ///
  /// - Parameters:
  ///   - sign: which part of a number is shown.
  ///   - percentile: the percentile of the magnitudes with the strongest colour, 0 to 100.
  package init(sign: HeatmapScale.Sign, percentile: Double) {
    self.sign = sign
    self.percentile = percentile
  }

  private func bits(_ value: Float) -> UInt32 {
    Float(abs(sign.part(of: Double(value)))).bitPattern
  }

  /// The first pass; numbers that are not finite count for nothing.
  package mutating func add(_ values: [Float]) {
    for value in values where value.isFinite {
      let bits = bits(value)
      leading[Int(bits >> Self.trailingBits)] += 1
      total += 1
      maximum = max(maximum, Float(bitPattern: bits))
    }
  }

  /// The limit that ``HeatmapScale/init(of:sign:percentile:)`` has for all maps together.
  ///
  /// - Parameter again: the second pass: hands over the same maps, in any order.
  package func limit(_ again: ((_ values: [Float]) -> Void) throws -> Void) rethrows -> Double {
    guard total > 0 else { return 0 }
    let rank = percentile / 100 * Double(total - 1)
    let low = Int(rank.rounded(.down))
    let high = min(low + 1, total - 1)
    let bins = (bin(of: low), bin(of: high))
    let none = [Int](repeating: 0, count: 1 << Self.trailingBits)
    var counts = Dictionary(uniqueKeysWithValues: Set([bins.0.bin, bins.1.bin]).map { ($0, none) })
    try again { values in
      for value in values where value.isFinite {
        let bits = bits(value)
        let bin = Int(bits >> Self.trailingBits)
        guard bin == bins.0.bin || bin == bins.1.bin else { continue }
        counts[bin]?[Int(bits & (1 << Self.trailingBits - 1))] += 1
      }
    }
    func magnitude(_ place: (bin: Int, rest: Int)) -> Double {
      var rest = place.rest
      for (trailing, count) in (counts[place.bin] ?? []).enumerated() {
        if rest < count {
          return Double(
            Float(bitPattern: UInt32(place.bin) << Self.trailingBits | UInt32(trailing)))
        }
        rest -= count
      }
      preconditionFailure("the second pass has other maps than the first")
    }
    let wanted = Statistics.between(
      magnitude(bins.0), magnitude(bins.1), rank: rank, isLast: low + 1 >= total)
    return wanted == 0 ? Double(maximum) : wanted
  }

  /// The leading bits of the magnitude with a rank, and its rank among those with the same.
  private func bin(of rank: Int) -> (bin: Int, rest: Int) {
    var rest = rank
    for (bin, count) in leading.enumerated() {
      if rest < count { return (bin, rest) }
      rest -= count
    }
    preconditionFailure("rank \(rank) of \(total) magnitudes")
  }
}
