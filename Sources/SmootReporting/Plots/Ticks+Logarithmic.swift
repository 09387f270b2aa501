import Foundation

extension Ticks {
  /// Chooses powers of ten, with twice and five times, or only twice and half of them between, where there is room; or every so many powers where there is little.
  ///
  /// - Parameters:
  ///   - range: the axis; above zero.
  ///   - count: about how many at most.
  package init(logarithmicIn range: ClosedRange<Double>, count: Int) {
    let powers =
      Int(log10(range.lowerBound).rounded(.down))...Int(log10(range.upperBound).rounded(.up))
    func values(_ factors: [Double], every step: Int = 1) -> [Double] {
      powers.filter { $0.isMultiple(of: step) }.flatMap { power in
        factors.map { $0 * pow(10, Double(power)) }
      }.filter { range.contains($0) }
    }
    let dense = [values([1, 2, 5]), values([1])].first { $0.count <= count }
    let chosen = dense ?? values([1], every: (powers.count + count - 1) / max(1, count))
    // Less than two numbers say nothing about a logarithmic axis; a short one is nearly linear.
    self =
      chosen.count > 1
      ? Ticks(
        values: chosen,
        labels: chosen.map { $0 < 1 ? NumberFormat.shortest($0) : NumberFormat.brief($0) })
      : Ticks(in: range, count: count)
  }
}
