import ArgumentParser
import Foundation
import Smoot
import SmootCheckpoints

/// One training on images with pixels replaced, which goes on where it was stopped.
struct Retraining {
  /// What is trained on.
  struct Data {
    let training: ImageDataset
    let test: ImageDataset
  }

  /// Its folder, in which a run is.
  let directory: RunDirectory
  let configuration: TrainingConfiguration
  /// What tells this training from any other.
  let key: String
  /// What the progress line calls it.
  let label: String

  /// What is left of a finished training.
  private struct Result: Codable {
    let key: String
    let accuracy: Double
    let seconds: Double
  }

  private var resultFile: String { directory.path + "/result.json" }

  /// The accuracy on the test images after the last epoch, in percent, if the training is finished.
  func accuracy() throws -> Double? {
    guard let data = FileManager.default.contents(atPath: resultFile) else { return nil }
    guard let result = try? JSONDecoder().decode(Result.self, from: data) else {
      throw CommandError(
        "\(resultFile): cannot be read; remove it, and the training goes on", exitCode: 65)
    }
    guard result.key == key else { throw foreign }
    return result.accuracy
  }

  private var foreign: CommandError {
    CommandError(
      "\(directory.path): holds a training on other data or with other settings; choose another --output",
      exitCode: 73)
  }

  /// Trains, or goes on.
  ///
  /// - Parameters:
  ///   - makeData: makes the changed images.
  ///   - line: shows how far it is.
  /// - Returns: the accuracy on the test images after the last epoch, in percent.
  func run(_ makeData: () throws -> Data, _ line: inout ProgressLine) throws -> Double {
    if let known = try accuracy() { return known }
    let data = try makeData()
    let keyFile = directory.path + "/key"
    let before = FileManager.default.contents(atPath: keyFile)
    guard before == nil || before == Foundation.Data(key.utf8) else { throw foreign }
    try Folder.make(directory.path)
    let trainer = try Trainer(
      configuration: configuration, training: data.training, test: data.test)
    if CheckpointStore.steps(directory.checkpoints).isEmpty {
      _ = try configuration.initial.map { try InitialWeights($0, for: trainer) }
      try DurableFile.write(Foundation.Data(key.utf8), to: keyFile)
      try DurableFile.write(Foundation.Data(), to: directory.metrics)
    } else {
      let (file, path, damaged) = try CheckpointStore.newest(in: directory.checkpoints)
      for text in damaged { Console.warning("\(text); using \(path) instead") }
      try directory.restore(trainer, from: file, path: path)
    }
    let accuracy = try train(trainer, &line)
    try directory.write(
      Result(key: key, accuracy: accuracy, seconds: trainer.state.seconds), to: resultFile)
    return accuracy
  }

  private func train(_ trainer: Trainer, _ line: inout ProgressLine) throws -> Double {
    let store = try CheckpointStore(folder: directory.checkpoints, kept: configuration.keep)
    let log = try JSONLinesLog(path: directory.metrics)
    let outcome = try trainer.run(
      store: store, log: log, shouldStop: { StopSignal.isSet },
      onEvent: { event in
        switch event {
        case .step(let epoch, let step, let steps, _):
          line.show(
            label, done: (epoch - 1) * steps + step, total: configuration.epochs * steps, [])
        case .warning(let text):
          line.clear()
          Console.warning(text)
        case .logged, .epoch, .saved: break
        }
      })
    if outcome == .interrupted || outcome == .outOfTime { try StopSignal.check { line.clear() } }
    guard let accuracy = log.records(EpochRecord.self).last?.testAccuracy else {
      throw CommandError("\(directory.metrics): has no accuracy of the last epoch", exitCode: 70)
    }
    return accuracy
  }
}
