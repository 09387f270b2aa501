import ArgumentParser
import Foundation
import Smoot

/// `smoot data`: the data sets.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "List, fetch and check data sets.",
    subcommands: [
      DataListCommand.self, DataGetCommand.self, DataCheckCommand.self, DataInfoCommand.self,
    ])
}

/// `smoot data list`.
struct DataListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the data sets that smoot knows, and where they lie.")

  func run() throws {
    let locator = DataLocator(path: nil)
    var table = Table(columns: [
      .init("name"), .init("what"), .init("images"), .init("training", .right),
      .init("test", .right), .init("found in"),
    ])
    for known in KnownDataset.all {
      table.append([
        .text(known.name), .text(known.summary), .text(known.size.description),
        .integer(known.counts.training), .integer(known.counts.test),
        .text(known.folder(in: locator) ?? "-"),
      ])
    }
    Console.result(table.text())
  }
}

/// `smoot data get NAME`.
struct DataGetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Fetch a data set and verify it.",
    discussion: """
      A broken download goes on where it stopped. A data set that is there already is not fetched again, unless --output names a folder for it.

      Example:
        smoot data get mnist
      """)

  @Argument(help: "The data set's name.") var name: String
  @Option(name: [.short, .long], help: "The folder of data sets (default: SMOOT_DATA, or Data).")
  var output: String?
  @OptionGroup(title: "Console") var common: CommonFlags

  func run() throws {
    let known = try KnownDataset.named(name)
    if output == nil, let folder = known.completeFolder() {
      common.note("\(name) is there already; `smoot data check \(name)` verifies it")
      return Console.result(folder)
    }
    let root = output ?? ProcessInfo.processInfo.environment["SMOOT_DATA"] ?? "Data"
    var line = ProgressLine(common.style)
    let downloader = DatasetDownloader(known, folder: "\(root)/\(known.name)")
    try downloader.run { file, done, total in
      line.show(file, done: done, total: total, [("bytes", NumberFormat.bytes(done))])
    }
    line.clear()
    Console.result("\(root)/\(known.name)")
  }
}

extension KnownDataset {
  /// The folder in which both parts are, and can be read.
  fileprivate func completeFolder() -> String? {
    let locator = DataLocator(path: nil)
    guard let folder = folder(in: locator) else { return nil }
    let isComplete = Split.allCases.allSatisfy { (try? load($0, from: locator)) != nil }
    return isComplete ? folder : nil
  }
}

/// `smoot data check NAME|FOLDER`.
struct DataCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Read a data set whole and say what is wrong with it.",
    discussion: """
      Of a folder of pictures every file that cannot be used is named, one on a line.

      Examples:
        smoot data check fashion-mnist
        smoot data check ./pets
      """)

  @Argument(help: "The data set's name, or a folder of pictures.") var name: String
  @Option(help: "The folder of the data set.") var data: String?
  @OptionGroup(title: "Console") var common: CommonFlags

  func run() throws {
    try common.apply()
    if ImageFolder.isFolder(name) { return try FolderCheck(path: name, common: common).run() }
    let known = try KnownDataset.named(name)
    let locator = DataLocator(path: data)
    for split in KnownDataset.Split.allCases {
      let dataset = try known.load(split, from: locator)
      let expected = split == .train ? known.counts.training : known.counts.test
      let counts = dataset.labels.reduce(into: [Int32: Int]()) { $0[$1, default: 0] += 1 }
      let perClass = counts.values.min().map { "\($0) to \(counts.values.max() ?? 0)" } ?? "none"
      Console.result(
        "\(known.name) \(split.rawValue): \(dataset.count) of \(expected) images, \(counts.count) of \(known.classNames.count) classes, \(perClass) images a class, sound"
      )
    }
    Console.result(try known.verify(in: locator))
  }
}

/// `smoot data info NAME`.
struct DataInfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Describe a data set: sizes, classes, normalization, digest.")

  @Argument(help: "The data set's name.") var name: String
  @Option(help: "The folder of the data set.") var data: String?
  @Flag(name: .long, help: "Print one JSON object.") var json = false

  struct Info: Codable {
    let name: String
    let classes: [String]
    let inputSize: ImageSize
    let normalization: Normalization
    let training: Int
    let test: Int
    let trainingDigest: String
    let testDigest: String
  }

  func run() throws {
    let known = try KnownDataset.named(name)
    let locator = DataLocator(path: data)
    let (training, test) = (
      try known.load(.train, from: locator), try known.load(.test, from: locator)
    )
    let info = Info(
      name: known.name, classes: known.classNames, inputSize: known.size,
      normalization: known.normalization, training: training.count, test: test.count,
      trainingDigest: training.digest, testDigest: test.digest)
    if json { return Console.json(info) }
    Console.result(
      """
      \(known.name): \(known.summary)
      images         \(known.size) (channels x height x width), \(training.count) for training, \(test.count) for testing
      classes        \(known.classNames.joined(separator: ", "))
      normalization  mean \(known.normalization.mean), standard deviation \(known.normalization.standardDeviation)
      SHA-256        \(info.trainingDigest) (training), \(info.testDigest) (test)
      """)
  }
}
