import Smoot
import SmootBenchmarks

/// Shows where the time of a step, or of a round of maps, went: the operations that took most of it first.
func show(_ profile: StepProfile, _ common: CommonFlags) {
  if common.json { return Console.json(profile) }
  var table = Table(columns: [
    .init("operation"), .init("pass"), .init("output"), .init("calls", .right),
    .init("ms", .right), .init("% of all", .right), .init("GFLOP/s", .right),
    .init("% of peak", .right), .init("GB/s", .right),
  ])
  for row in profile.rows where row.percentOfStep >= 0.05 {
    table.append([
      .text(row.operation), .text(row.pass.rawValue),
      .text(row.shape.map(String.init).joined(separator: "x")),
      .real(row.calls, digits: 0), .real(row.milliseconds, digits: 2),
      .real(row.percentOfStep, digits: 1),
      row.gigaflops.map { .real($0, digits: 1) } ?? .text(""),
      row.percentOfPeak.map { .real($0, digits: 1) } ?? .text(""),
      .real(row.gigabytesPerSecond, digits: 1),
    ])
  }
  let total = profile.rows.reduce(0) { $0 + $1.milliseconds }
  Console.result(
    table.text()
      + "\n\(fixed(total, 1)) ms; \(fixed(profile.gigaflops, 0)) of \(fixed(profile.peakGigaflops, 0)) GFLOP/s, \(fixed(100 * profile.gigaflops / profile.peakGigaflops, 1)) % of the peak"
  )
}
