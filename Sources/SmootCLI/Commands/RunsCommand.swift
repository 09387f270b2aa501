import ArgumentParser
import Foundation
import Smoot

/// `smoot runs`: what was trained.
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "List and show runs.",
    subcommands: [RunsListCommand.self, RunsShowCommand.self])
}

/// `smoot runs list`.
struct RunsListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the runs in a folder.")

  @Argument(help: "The folder of runs (default: SMOOT_RUNS, or Checkpoints).")
  var folder: String?
  @Flag(name: .long, help: "Print one JSON object.") var json = false

  struct Run: Encodable {
    let run: String
    let last: EpochRecord
  }

  func run() throws {
    let runs = try finished()
    if json { return Console.json(["runs": runs]) }
    var table = Table(columns: [
      .init("run"), .init("epochs", .right), .init("accuracy", .right), .init("loss", .right),
      .init("k min/median/max"),
    ])
    for run in runs {
      let record = run.last
      let sizes = [record.kMin, record.kMedian, record.kMax].compactMap(\.self).map { fixed($0, 0) }
      table.append([
        .text((run.run as NSString).lastPathComponent), .integer(record.epoch),
        record.testAccuracy.map { .real($0, digits: 2) } ?? .missing,
        .real(record.loss, digits: 4),
        sizes.isEmpty ? .missing : .text(sizes.joined(separator: "/")),
      ])
    }
    Console.result(table.text())
  }

  /// The runs that have finished an epoch.
  private func finished() throws -> [Run] {
    let parent = folder ?? RunDirectory.defaultParent
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: parent) else {
      throw CommandError("\(parent): there is no such folder", exitCode: 66)
    }
    return try names.sorted().compactMap { name in
      let directory = RunDirectory(path: "\(parent)/\(name)")
      guard FileManager.default.fileExists(atPath: directory.checkpoints),
        let record = try JSONLinesLog(path: directory.metrics).records(EpochRecord.self).last
      else { return nil }
      return Run(run: directory.path, last: record)
    }
  }
}

/// `smoot runs show RUN`.
struct RunsShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a run's settings and epochs.")

  @Argument(help: ArgumentHelp("The run's folder.", valueName: "run")) var folder: String
  @Flag(name: .long, help: "Print one JSON object.") var json = false

  struct Run: Encodable {
    let run: String
    let settings: [String: String]
    let epochs: [EpochRecord]
  }

  func run() throws {
    let directory = try RunDirectory.existing(folder)
    let records = try JSONLinesLog(path: directory.metrics).records(EpochRecord.self)
    let settings = try directory.settings().filter { !$0.value.isEmpty }
    if json {
      let values = Dictionary(uniqueKeysWithValues: settings.map { ($0.name, $0.value) })
      return Console.json(Run(run: directory.path, settings: values, epochs: records))
    }
    let isChosen = { $0.origin != "default" } as (ReportedRun.Setting) -> Bool
    for setting in settings.filter(isChosen) {
      Console.result("\(setting.name): \(setting.value)  (\(setting.origin))")
    }
    let defaults = settings.filter { !isChosen($0) }.map { "\($0.name) \($0.value)" }
    for line in wrapped(defaults, width: 100) { Console.result("default: \(line)") }
    Console.result("")
    Console.result(epochs(records).text())
  }

  private func epochs(_ records: [EpochRecord]) -> Table {
    var table = Table(columns: [
      .init("epoch", .right), .init("step", .right), .init("loss", .right), .init("kl", .right),
      .init("test accuracy", .right), .init("k min", .right), .init("k median", .right),
      .init("k max", .right), .init("img/s", .right),
    ])
    for record in records {
      table.append([
        .integer(record.epoch), .integer(record.step), .real(record.loss, digits: 4),
        .real(record.divergence, digits: 4),
        record.testAccuracy.map { .real($0, digits: 2) } ?? .missing,
        record.kMin.map { .real($0, digits: 0) } ?? .missing,
        record.kMedian.map { .real($0, digits: 0) } ?? .missing,
        record.kMax.map { .real($0, digits: 0) } ?? .missing,
        .real(record.imagesPerSecond, digits: 0),
      ])
    }
    return table
  }
}
