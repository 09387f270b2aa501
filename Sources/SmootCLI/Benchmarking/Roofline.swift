import Smoot
import SmootBenchmarks

/// The operations of a step under what the machine's arithmetic and its memory allow.
///
/// Williams, Waterman and Patterson, Roofline: An Insightful Visual Performance Model, 2009. The bytes are those of inputs and results, each once, so that an operation whose numbers
/// are still in a cache may lie above the slope.
struct Roofline {
  /// An operation in one pass, with all its sizes.
  struct Point {
    let name: String
    let milliseconds: Double
    /// Operations for each byte.
    let intensity: Double
    /// Billions of operations a second.
    let rate: Double
  }

  let points: [Point]
  private let profile: StepProfile

  /// Takes the operations that multiply and need at least one percent of the step, at most ten.
  init(_ profile: StepProfile) {
    self.profile = profile
    let rows = Dictionary(grouping: profile.rows.filter { $0.operations > 0 }) {
      "\($0.operation), \($0.pass.rawValue)"
    }
    let total = profile.rows.reduce(0) { $0 + $1.milliseconds }
    points = rows.map { name, rows in
      let operations = rows.reduce(0) { $0 + $1.operations }
      let milliseconds = rows.reduce(0) { $0 + $1.milliseconds }
      return Point(
        name: name, milliseconds: milliseconds,
        intensity: operations / rows.reduce(0) { $0 + $1.bytes },
        rate: operations / milliseconds * 1e-6)
    }
    .filter { $0.milliseconds >= 0.01 * total }
    .sorted { $0.milliseconds > $1.milliseconds }.prefix(10).map(\.self)
  }

  /// Both roofs, and a marker for each operation with its share of the step.
  func plot(title: String, subtitle: String) -> LinePlot {
    let (peak, memory) = (profile.peakGigaflops, profile.memoryGigabytesPerSecond)
    let ridge = peak / memory
    let seen = points.map(\.intensity) + [ridge]
    let ends = [(seen.min() ?? ridge) / 4, ridge, (seen.max() ?? ridge) * 4]
    let roof = LineSeries(
      name: "\(fixed(peak, 0)) GFLOP/s, \(fixed(memory, 0)) GB/s", x: ends,
      y: ends.map { min(peak, $0 * memory) }, color: Palette.control)
    let total = profile.rows.reduce(0) { $0 + $1.milliseconds }
    let markers = points.map { point in
      LineSeries(
        name: "\(point.name) (\(fixed(100 * point.milliseconds / total, 0)) %)",
        x: [point.intensity], y: [point.rate])
    }
    var plot = LinePlot(
      title: title, subtitle: subtitle, xLabel: "operations for each byte of inputs and results",
      yLabel: "GFLOP/s", series: [roof] + markers)
    (plot.xScale, plot.yScale) = (.logarithmic, .logarithmic)
    return plot
  }
}
