import ArgumentParser
import Foundation
import Smoot

/// `smoot resume`: goes on with a run as if it had never stopped.
struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Go on with a run from its newest sound checkpoint.",
    discussion: """
      Examples:
        smoot resume Checkpoints/mnist-smoot
        smoot resume Checkpoints/mnist-smoot --epochs 20
      """)

  @Argument(help: ArgumentHelp("The run's folder.", valueName: "run")) var folder: String

  @Option(help: "Train until this epoch instead.") var epochs: Int?

  @Option(help: "Stop, resumable, after this time: 90s, 10m, 2h.") var maxTime: String?

  @Option(help: "The folder of the data set, if it is no longer where it was.") var data: String?

  @OptionGroup(title: "Console") var common: CommonFlags

  func run() throws {
    try common.apply()
    let changes = [
      ("epochs", epochs.map(String.init)), ("max-time", maxTime), ("data", data),
    ].compactMap { name, text in text.map { (name: name, text: $0) } }
    try Self.goOn(try RunDirectory.existing(folder), changes, common)
  }

  /// Settings that a run may change when it goes on.
  private static let changeable: Set = ["epochs", "max-time", "data"]

  /// Goes on with a run.
  ///
  /// - Parameters:
  ///   - directory: the run's folder.
  ///   - given: settings that were asked for; those that a run cannot change must be the run's own.
  ///   - common: the console's flags.
  static func goOn(
    _ directory: RunDirectory, _ given: [(name: String, text: String)], _ common: CommonFlags
  ) throws {
    let lock = try RunLock(folder: directory.path, job: "smoot resume")
    let (file, path, damaged) = try CheckpointStore.newest(in: directory.checkpoints)
    for text in damaged { Console.warning("\(text); using \(path) instead") }
    var configuration = try TrainingConfiguration(file, path: path)
    // A limit of time held for the sitting that it was given to.
    configuration.maxTime = nil
    for (name, text) in given {
      guard let option = TrainingConfiguration.option(named: name) else { continue }
      let before = option.text(configuration)
      try option.apply(text, to: &configuration, origin: "--\(name)", exitCode: 64)
      guard option.text(configuration) != before else { continue }
      guard changeable.contains(name) else {
        throw CommandError(
          "--\(name): \(directory.path) was begun with \(before.isEmpty ? "none" : before), which cannot be changed when it goes on; start another run instead",
          exitCode: 64)
      }
      common.note("  \(name): \(before.isEmpty ? "-" : before) -> \(text)")
    }
    try configuration.validate()
    let sets = try datasets(configuration, directory, common)
    let trainer = try Trainer(
      configuration: configuration, training: sets.training, test: sets.test)
    try directory.restore(trainer, from: file, path: path)
    common.note(
      "resuming \(directory.path) at epoch \(trainer.state.epoch + 1), step \(trainer.state.step) of \(trainer.stepsPerEpoch * configuration.epochs)"
    )
    try TrainingSession(trainer: trainer, directory: directory, common: common).run()
    withExtendedLifetime(lock) {}
  }

  /// The data of a run; pictures of a folder must be those that it began with.
  private static func datasets(
    _ configuration: TrainingConfiguration, _ directory: RunDirectory, _ common: CommonFlags
  ) throws -> DatasetPair {
    guard configuration.isImageFolder else { return try DatasetPair(configuration, common) }
    let known =
      configuration.badImages == .skip ? try BadPictureList.read(directory.badPictures) : nil
    let sets = try DatasetPair(configuration, common, leavingOut: known)
    let digest = try directory.datasetDigest()
    guard digest == sets.training.digest else {
      throw CommandError(
        "\(configuration.data ?? configuration.dataset): the training pictures are not those that \(directory.path) began with; put them back, or start another run",
        exitCode: 65)
    }
    return sets
  }
}
