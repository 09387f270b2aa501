import Foundation
import Smoot
import SmootBenchmarks

/// How steps change with a quantity, as a table, plots and JSON.
struct ScalingReport: Codable {
  /// A value and its step.
  struct Row: Codable {
    let value: Int
    let step: StepBenchmark.Result

    var gigaflopPerImage: Double { step.gigaflopPerStep / Double(step.batch) }
    /// Images a second if every operation ran like a loop on registers alone.
    var bound: Double { step.imagesPerSecond * 100 / step.percentOfPeak }
  }

  /// What changes.
  let over: String
  /// Its name and unit.
  let label: String
  /// In the order of measurement.
  let rows: [Row]

  /// Network, method, precision and machine, as far as they are the same in all rows.
  private var conditions: String {
    let steps = rows.map(\.step)
    let all = [
      steps.map { "\($0.method) \($0.model)" }, steps.map(\.precision),
      steps.map { "batch \($0.batch)" },
      steps.map { "\($0.threads) \($0.threads == 1 ? "thread" : "threads")" },
      steps.map(\.kernels),
    ]
    return all.filter { Set($0).count == 1 }.compactMap(\.first).joined(separator: " · ")
  }

  var table: Table {
    var table = Table(columns: [
      .init(over, .right), .init("images/s", .right), .init("ms a step", .right),
      .init("GFLOP an image", .right), .init("GFLOP/s", .right), .init("% of peak", .right),
      .init("peak MB", .right), .init("tensors MB", .right),
    ])
    for row in rows {
      let step = row.step
      table.append([
        .text("\(row.value)"), .real(step.imagesPerSecond, digits: 1),
        .real(step.msPerStep, digits: 1), .real(row.gigaflopPerImage, digits: 4),
        .real(step.imagesPerSecond * row.gigaflopPerImage, digits: 1),
        .real(step.percentOfPeak, digits: 1),
        step.peakMegabytes.map { .text("\($0)") } ?? .text(""),
        .real(Double(step.tensorBytes) * 1e-6, digits: 0),
      ])
    }
    return table
  }

  /// Images a second beside those that the machine's peak allows.
  var speed: LinePlot {
    plot(
      "Speed of training steps", "images a second",
      [
        ("measured", rows.map(\.step.imagesPerSecond)), ("the machine's peak", rows.map(\.bound)),
      ])
  }

  /// Memory of the process and of its tensors.
  var memory: LinePlot {
    let peaks = rows.compactMap { $0.step.peakMegabytes.map(Double.init) }
    let tensors = rows.map { Double($0.step.tensorBytes) * 1e-6 }
    let process = peaks.count == rows.count ? [("the whole process", peaks)] : []
    return plot("Memory of training steps", "MB", process + [("tensors", tensors)])
  }

  private func plot(
    _ title: String, _ label: String, _ lines: [(name: String, y: [Double])]
  ) -> LinePlot {
    var plot = LinePlot(
      title: title, subtitle: conditions, xLabel: self.label, yLabel: label,
      series: lines.map { LineSeries(name: $0.name, x: rows.map { Double($0.value) }, y: $0.y) })
    let values = rows.map(\.value)
    let isWide = (values.max() ?? 1) >= 8 * (values.min() ?? 1)
    (plot.xScale, plot.yScale) = (isWide ? .logarithmic : .linear, .logarithmic)
    return plot
  }

  /// Writes scaling-NAME.json, .csv and the plots.
  func write(to folder: String) throws {
    try Folder.make(folder)
    let base = "\(folder)/scaling-\(over)"
    try RunDirectory(path: folder).write(self, to: base + ".json")
    try ReportFile.write(table.csv(), to: base + ".csv")
    for (name, plot) in [("speed", speed), ("memory", memory)] {
      let figure = plot.figure()
      try figure.write(to: "\(base)-\(name).png")
      try figure.write(to: "\(base)-\(name).svg")
    }
  }
}
