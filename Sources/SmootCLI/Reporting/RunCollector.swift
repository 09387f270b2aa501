import Foundation
import Smoot
import SmootCheckpoints

/// Reads what a run's folder says about it, and changes nothing there.
struct RunCollector {
  let directory: RunDirectory
  let name: String

  /// Finds the folder of a run, whole or in part.
  init(_ path: String, name: String) throws(CommandError) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else { throw CommandError("\(path): there is no such run", exitCode: 66) }
    directory = RunDirectory(path: path)
    self.name = name
    let parts = [directory.record, directory.metrics, directory.checkpoints]
    guard parts.contains(where: FileManager.default.fileExists) else {
      throw CommandError(
        "\(path): is not the folder of a run: it has no run.json, metrics.jsonl or checkpoints",
        exitCode: 66)
    }
  }

  /// The most epochs and intervals that a report shows, so that a damaged file cannot claim all memory.
  private static let limit = 100_000

  /// All that is known about the run.
  func collect() -> ReportedRun {
    var run = ReportedRun(name: name, path: directory.path)
    addSettings(&run)
    addRecord(&run)
    addEpochs(&run)
    addSummary(&run)
    addCheckpoint(&run)
    return run
  }

  private func json<Value: Decodable>(
    _ type: Value.Type, _ path: String, _ run: inout ReportedRun
  ) -> Value? {
    let file = (path as NSString).lastPathComponent
    guard let data = FileManager.default.contents(atPath: path) else {
      run.missing.append("\(file) is not there or cannot be read.")
      return nil
    }
    guard let value = try? JSONDecoder().decode(type, from: data) else {
      run.missing.append("\(file) does not hold what smoot writes there.")
      return nil
    }
    return value
  }

  private func addSettings(_ run: inout ReportedRun) {
    guard
      let known = json([String: [String: String]].self, directory.resolvedConfiguration, &run)
    else { return }
    run.settings = RunDirectory.settings(known)
    let chosen = run.settings.filter { $0.origin != "default" && !$0.value.isEmpty }
    let parent = directory.path.parentFolder
    run.command = GivenCommand.line(
      ["smoot", "train"] + chosen.flatMap { ["--\($0.name)", $0.value] }
        + ["--output", parent.isEmpty ? "." : parent, "--name"]
        + [(directory.path as NSString).lastPathComponent])
  }

  private func addRecord(_ run: inout ReportedRun) {
    guard let record = json(RunRecord.self, directory.record, &run) else { return }
    run.facts += [
      .init("smoot", record.version), .init("started", record.started),
      .init("machine", record.host), .init("kernels", record.kernels),
      .init("matrix products", record.blas), .init("threads", "\(record.threads)"),
      .init("seed", "\(record.seed)"), .init("data set", record.dataset),
      .init("digest of the training images", record.datasetDigest),
    ]
    if let initial = record.initial {
      run.facts += [
        .init("began with weights of", initial.path),
        .init("SHA-256 of these weights", initial.sha256),
      ]
    }
  }

  private func addEpochs(_ run: inout ReportedRun) {
    guard let data = FileManager.default.contents(atPath: directory.metrics) else {
      run.missing.append("metrics.jsonl is not there or cannot be read.")
      return
    }
    // What a killed process left of its last line is no line.
    let whole = data.lastIndex(of: 0x0a).map { data[...$0] } ?? Data()
    let lines = whole.split(separator: 0x0a)
    let records = lines.compactMap {
      try? JSONDecoder().decode(EpochRecord.self, from: Data($0))
    }.filter { (1...Self.limit).contains($0.epoch) }
    if records.count < lines.count {
      run.missing.append(
        "\(lines.count - records.count) of \(lines.count) lines of metrics.jsonl cannot be read.")
    }
    run.epochs = records.map(Self.epoch)
    if records.isEmpty { run.missing.append("no epoch has ended yet.") }
  }

  private static func epoch(_ record: EpochRecord) -> ReportedRun.Epoch {
    let numbers: [(ReportedRun.Quantity, Double?)] = [
      (.testAccuracy, record.testAccuracy), (.validationAccuracy, record.validationAccuracy),
      (.trainAccuracy, record.trainAccuracy), (.loss, record.loss),
      (.testLoss, record.testLoss), (.divergence, record.divergence),
      (.learningRate, record.learningRate), (.leastMaskSize, record.kMin),
      (.medianMaskSize, record.kMedian), (.greatestMaskSize, record.kMax),
    ]
    let values = Dictionary(
      uniqueKeysWithValues: numbers.compactMap { quantity, value in
        // Larger numbers are damage, and no axis can show them.
        value.flatMap { abs($0) <= 1e30 ? (quantity, $0) : nil }
      })
    return ReportedRun.Epoch(
      number: record.epoch, values: values, maskSizes: record.kHistogram.flatMap(maskSizes))
  }

  private static func maskSizes(_ histogram: MaskSizeHistogram) -> ReportedRun.MaskSizes? {
    guard histogram.counts.count <= 1024 else { return nil }
    return ReportedRun.MaskSizes(
      lower: histogram.lower, upper: histogram.upper, counts: histogram.counts)
  }

  private func addSummary(_ run: inout ReportedRun) {
    guard FileManager.default.fileExists(atPath: directory.summary) else {
      run.outcome = "not yet"
      return
    }
    guard let summary = json(TrainingSession.Summary.self, directory.summary, &run) else { return }
    run.outcome = summary.outcome
    run.facts += [
      .init("steps", "\(summary.steps)"),
      .init("training time", NumberFormat.duration(summary.seconds)),
    ]
  }

  /// The digest of the last weights and, where the epochs do not hold them, the mask sizes.
  private func addCheckpoint(_ run: inout ReportedRun) {
    let path = directory.checkpoints + "/last.safetensors"
    do {
      let file = try TensorFile(contentsOf: path)
      run.facts += [
        .init("checkpoint", path), .init("SHA-256 of it", try FileDigest(of: path).sha256),
      ]
      // Sizes of images that are not trained on would count, too.
      let isWhole = ["limit-train", "validation"].allSatisfy {
        ["", "0"].contains(run.setting($0) ?? "")
      }
      guard isWhole, let last = run.epochs.indices.last, run.epochs[last].maskSizes == nil,
        let sizes = file.maskSizes?.map(Double.init).filter(\.isFinite),
        let least = sizes.min(), let greatest = sizes.max()
      else { return }
      run.epochs[last].maskSizes = Self.maskSizes(
        MaskSizeHistogram(sizes, bounds: least...greatest))
    } catch { run.missing.append("no checkpoint: \(error).") }
  }
}
