import ArgumentParser
import Foundation
import Smoot
import SmootBenchmarks

/// `smoot bench scaling`.
struct BenchScalingCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scaling",
    abstract: "Time training steps for several batch sizes, image sizes, networks or threads.",
    discussion: """
      Each value is measured by a program of its own, so that its memory is its own, too. Writes scaling-NAME.json and .csv, and plots of speed, beside what the machine's peak allows, and of memory. A value that cannot be measured is named and left out.

      Examples:
        smoot bench scaling --over batch-size --images 1x28x28 --model cnn
        smoot bench scaling --over image-side --images 3x32x32 --model vit-tiny --batch-size 16
        smoot bench scaling --over threads --images 3x32x32 --model vit-tiny --precision bf16
      """)

  @Option(
    help:
      "What changes: \(ScaledQuantity.allCases.map(\.rawValue).joined(separator: ", ")).")
  var over: ScaledQuantity
  @Option(
    parsing: .upToNextOption,
    help: "Its values (default: a usual range, such as 16 to 1024 images in a step).") var values:
    [Int] = []
  @OptionGroup(title: "What is measured") var subject: BenchSubject
  @Option(help: "The method: traditional, sgt or smoot.") var method = "smoot"
  @Option(name: [.short, .long], help: "Images in a step.") var batchSize = 64
  @Option(help: "How many steps to time for each value.") var steps = 5
  @Option(name: [.short, .long], help: "The folder for tables and plots.") var output = "scaling"
  @OptionGroup(title: "Console") var common: CommonFlags

  func run() throws {
    try common.apply()
    let values = values.isEmpty ? over.usualValues : values
    guard values.allSatisfy({ $0 > 0 }), batchSize > 0, steps > 0 else {
      throw CommandError("--values, --batch-size and --steps: must be above 0", exitCode: 64)
    }
    guard common.threads == nil || ![.threads, .threadsAndBatch].contains(over) else {
      throw CommandError("--threads: is what --over \(over.rawValue) changes", exitCode: 64)
    }
    guard over != .imageSide || subject.images != nil else {
      throw CommandError(
        "--over image-side: needs --images, such as 3x32x32, whose sides change", exitCode: 64)
    }
    var rows: [ScalingReport.Row] = []
    var line = ProgressLine(common.style)
    for (index, value) in values.enumerated() {
      line.show("\(over.rawValue) \(value)", done: index, total: values.count, [])
      do {
        rows.append(.init(value: value, step: try step(value)))
      } catch let error as CommandError {
        line.clear()
        Console.warning("\(over.rawValue) \(value) is left out: \(error)")
      }
    }
    line.clear()
    guard !rows.isEmpty else {
      throw CommandError("none of the values can be measured; nothing is written", exitCode: 65)
    }
    let report = ScalingReport(over: over.rawValue, label: over.label, rows: rows)
    try report.write(to: output)
    if common.json { return Console.json(report) }
    Console.result(report.table.text() + "\n\(output)/scaling-\(over.rawValue).csv and plots")
  }

  /// The step for a value, from a program of its own.
  private func step(_ value: Int) throws -> StepBenchmark.Result {
    guard let program = Bundle.main.executablePath else {
      throw CommandError("the program's own file cannot be found", exitCode: 70)
    }
    let channels = subject.images?.prefix { $0 != "x" } ?? ""
    let child = Process()
    let (output, errors) = (Pipe(), Pipe())
    child.executableURL = URL(fileURLWithPath: program)
    child.arguments =
      ["bench", "step", "--json", "--quiet", "--steps", "\(steps)", "--method", method]
      + (common.threads.map { ["--threads", "\($0)"] } ?? []) + subject.arguments(without: over)
      + over.arguments(value, channels: Int(channels) ?? 3, batchSize: batchSize)
    (child.standardOutput, child.standardError) = (output, errors)
    try child.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    let message = errors.fileHandleForReading.readDataToEndOfFile()
    child.waitUntilExit()
    guard child.terminationStatus == 0 else {
      let text = String(decoding: message, as: UTF8.self)
        .trimmingCharacters(in: .whitespacesAndNewlines)
      throw CommandError(
        text.isEmpty ? "the step ended with status \(child.terminationStatus)" : text,
        exitCode: child.terminationStatus)
    }
    return try JSONDecoder().decode(StepBenchmark.Result.self, from: data)
  }
}
