import CSmootKernels
import Foundation
import Smoot

/// The folder of a run and what lies in it.
struct RunDirectory {
  /// The path.
  let path: String

  var checkpoints: String { path + "/checkpoints" }
  var metrics: String { path + "/metrics.jsonl" }
  var steps: String { path + "/steps.jsonl" }
  var configurationFile: String { path + "/config.yaml" }
  var resolvedConfiguration: String { path + "/config.resolved.json" }
  var record: String { path + "/run.json" }
  var summary: String { path + "/summary.json" }
  var badPictures: String { path + "/bad-images.txt" }

  /// The folder where runs go unless told otherwise.
  static var defaultParent: String {
    ProcessInfo.processInfo.environment["SMOOT_RUNS"] ?? "Checkpoints"
  }

  /// Chooses the folder of a new run.
  ///
  /// - Parameters:
  ///   - parent: where runs go.
  ///   - name: the run's name; without one, the data set's and the method's, with a number if that is taken.
  ///   - mayExist: whether a folder that exists already may be used.
  static func new(
    parent: String, name: String?, configuration: TrainingConfiguration, mayExist: Bool
  ) throws(CommandError) -> RunDirectory {
    let manager = FileManager.default
    if let name {
      guard !name.isEmpty, !name.contains("/"), name != ".", name != ".." else {
        throw CommandError("--name: \"\(name)\" is not the name of a folder", exitCode: 64)
      }
      let path = "\(parent)/\(name)"
      let directory = RunDirectory(path: path)
      let hasRun = !CheckpointStore.steps(directory.checkpoints).isEmpty
      if manager.fileExists(atPath: path), hasRun || !mayExist {
        throw CommandError(
          "\(path): exists already; choose another --name, "
            + (hasRun ? "or go on with `smoot resume \(path)`" : "or say --exist-ok"),
          exitCode: 73)
      }
      return directory
    }
    let base = "\(parent)/\(configuration.datasetName)-\(configuration.method.rawValue)"
    var path = base
    var number = 2
    while manager.fileExists(atPath: path) {
      path = "\(base)-\(number)"
      number += 1
    }
    return RunDirectory(path: path)
  }

  /// The folder of a run that is there.
  static func existing(_ path: String) throws(CommandError) -> RunDirectory {
    let directory = RunDirectory(path: path)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw CommandError("\(path): there is no such run", exitCode: 66)
    }
    guard isFolder.boolValue, FileManager.default.fileExists(atPath: directory.checkpoints) else {
      throw CommandError("\(path): is not the folder of a run: it has no checkpoints", exitCode: 66)
    }
    return directory
  }

  /// Writes what the run is: settings with their origins, machine, data.
  func describe(
    _ layers: ConfigurationLayers, dataset: ImageDataset, initial: InitialWeights?
  ) throws {
    let lines = TrainingConfiguration.options.map { option in
      let text = option.text(layers.configuration)
      return "\(option.name): \(text.isEmpty ? "null" : text)"
    }
    try DurableFile.write(
      Data((lines.joined(separator: "\n") + "\n").utf8), to: configurationFile)
    try write(layers.resolved, to: resolvedConfiguration)
    let seed = layers.configuration.seed
    try write(RunRecord(seed: seed, dataset: dataset, initial: initial), to: record)
  }

  /// The settings of the run, what was left open filled in, in the order of the options.
  func settings() throws(CommandError) -> [ReportedRun.Setting] {
    guard let data = FileManager.default.contents(atPath: resolvedConfiguration),
      let known = try? JSONDecoder().decode([String: [String: String]].self, from: data)
    else {
      throw CommandError(
        "\(resolvedConfiguration): cannot be read; it says how the run was made", exitCode: 66)
    }
    return Self.settings(known)
  }

  /// Settings as they were saved, in the order of the options.
  static func settings(_ known: [String: [String: String]]) -> [ReportedRun.Setting] {
    let order = TrainingConfiguration.options.map(\.name)
    let others = known.keys.filter { !order.contains($0) }.sorted()
    return (order + others).compactMap { name in
      known[name].map {
        ReportedRun.Setting(
          name: name, value: $0["value"] ?? "", origin: $0["origin"] ?? "unknown")
      }
    }
  }

  /// The digest of the training images that the run began with.
  func datasetDigest() throws(CommandError) -> String {
    guard let data = FileManager.default.contents(atPath: record),
      let found = try? JSONDecoder().decode(RunRecord.self, from: data)
    else {
      throw CommandError(
        "\(record): cannot be read; it says which images the run began with", exitCode: 66)
    }
    return found.datasetDigest
  }

  /// Writes a record as JSON, durably.
  func write(_ value: some Encodable, to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    try DurableFile.write(try encoder.encode(value), to: path)
  }
}

/// On what machine and with which data a run was made.
struct RunRecord: Codable {
  var version = SmootCommand.version
  var started = Date.now.formatted(.iso8601)
  var host = ProcessInfo.processInfo.hostName
  var kernels = Machine.kernels
  var blas = Machine.blas
  var threads = Parallelism.threads
  var seed: UInt64
  var dataset: String
  var datasetDigest: String
  var initial: InitialWeights?

  enum CodingKeys: String, CodingKey {
    case version, started, host, kernels, blas, threads, seed, dataset
    case datasetDigest = "dataset_digest"
    case initial = "init"
  }

  init(seed: UInt64, dataset: ImageDataset, initial: InitialWeights?) {
    self.seed = seed
    self.initial = initial
    self.dataset = dataset.name
    datasetDigest = dataset.digest
  }
}

/// What this machine computes with.
enum Machine {
  /// The instruction set of the kernels, and whether it multiplies bfloat16, and tiles of them.
  static var kernels: String {
    String(cString: smoot_kernel_level_name(smoot_kernel_level_current()))
      + (smoot_bfloat16_is_native() != 0 ? "+bf16" : "")
      + (smoot_tiles_current() == SMOOT_TILES_NATIVE ? "+amx" : "")
  }

  /// What multiplies matrices: smoot's own kernels, or a BLAS and the processor that it takes this one for.
  static var blas: String {
    guard smoot_blas_is_preferred() != 0 else { return "own kernels" }
    guard let status = smoot_blas_load()?.pointee else { return "none" }
    guard status.is_loaded != 0 else { return "none (\(text(status.message)))" }
    let core = text(status.core)
    return text(status.path) + (core.isEmpty ? "" : " (\(core))")
  }

  /// A C array of characters as a string.
  private static func text<Characters>(_ characters: Characters) -> String {
    withUnsafeBytes(of: characters) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
