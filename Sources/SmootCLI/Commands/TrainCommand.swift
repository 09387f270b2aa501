import ArgumentParser
import Foundation
import Smoot

/// `smoot train`: trains a model from the beginning.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a model.",
    discussion: """
      Without --method and --adaptive this is saliency-guided training with a fixed mask size (SGT).

      Examples:
        smoot train --dataset mnist --adaptive --epochs 5
        smoot train --dataset cifar10 --method traditional --name baseline
        smoot train --dataset cifar10 --model-resize 224 --init deit_tiny.safetensors --adaptive
        smoot train --dataset ./pets --image-size 96 --adaptive
        smoot train --config settings.yaml --seed 2 --lr 0.5

      Each setting may also come from the environment (SMOOT_LR, SMOOT_K_MIN, ...), from a YAML file (--config) or from a preset; flags win over the environment, the \
      environment over the file, the file over the preset.
      """)

  @OptionGroup(title: "Data") var data: DataFlags
  @OptionGroup(title: "Augmentation of training images") var augmentation: AugmentationFlags
  @OptionGroup(title: "Model") var model: ModelFlags
  @OptionGroup(title: "Method") var method: MethodFlags
  @OptionGroup(title: "Optimization") var optimization: OptimizationFlags
  @OptionGroup(title: "Masking (sgt and smoot)") var masking: MaskingFlags
  @OptionGroup(title: "Adaptive mask size (smoot)") var adaptive: AdaptiveFlags
  @OptionGroup(title: "Course of the run") var course: CourseFlags
  @OptionGroup(title: "Console") var common: CommonFlags

  @Flag(
    name: .customLong("adaptive"), help: "Let the mask size adapt to each image: --method smoot.")
  var isAdaptive = false

  @Option(help: "Settings that belong together: paper (as published) or quick (a few minutes).")
  var preset: String?

  @Option(name: [.short, .long], help: "A YAML file with settings.")
  var config: String?

  @Option(
    name: [.short, .long], help: "The folder for runs (default: SMOOT_RUNS, or Checkpoints).")
  var output: String?

  @Option(help: "The run's name (default: data set and method, with a number if taken).")
  var name: String?

  @Flag(help: "Use the run's folder even if it exists already, unless a run is in it.")
  var existOk = false

  @Option(
    help:
      "Go on with the run of this --name: auto (if it is there), must, or never.")
  var resume = ResumePolicy.never

  @Flag(help: "Check everything, take two steps, write nothing.")
  var dryRun = false

  /// All setting flags.
  static func flagGroups(_ command: TrainCommand) -> [any SettingFlags] {
    [
      command.data, command.augmentation, command.model, command.method, command.optimization,
      command.masking, command.adaptive, command.course,
    ]
  }

  func run() throws {
    try common.apply()
    let layers = try resolve()
    let configuration = layers.configuration
    try configuration.validate()
    if let directory = try resumable() {
      return try ResumeCommand.goOn(directory, layers.flags, common)
    }
    let sets = try DatasetPair(configuration, common)
    let trainer = try Trainer(
      configuration: configuration, training: sets.training, test: sets.test)
    let initial = try configuration.initial.map { try InitialWeights($0, for: trainer) }
    if dryRun { return try rehearse(trainer, layers) }

    let directory = try RunDirectory.new(
      parent: output ?? RunDirectory.defaultParent, name: name, configuration: configuration,
      mayExist: existOk)
    try Folder.make(directory.path)
    let lock = try RunLock(folder: directory.path, job: "smoot train")
    try directory.describe(layers, dataset: sets.training, initial: initial)
    if configuration.isImageFolder, configuration.badImages == .skip {
      try sets.bad.write(to: directory.badPictures)
    }
    try DurableFile.write(Data(), to: directory.metrics)
    let session = TrainingSession(trainer: trainer, directory: directory, common: common)
    session.announce(layers)
    initial?.announce(common)
    try session.run()
    withExtendedLifetime(lock) {}
  }

  /// The run to go on with, if it is asked for and there.
  private func resumable() throws -> RunDirectory? {
    guard resume != .never else { return nil }
    guard let name else { throw CommandError("--resume: needs the run's --name", exitCode: 64) }
    let directory = RunDirectory(path: "\(output ?? RunDirectory.defaultParent)/\(name)")
    if CheckpointStore.steps(directory.checkpoints).isEmpty {
      if resume == .must {
        throw CommandError("\(directory.path): there is no such run", exitCode: 66)
      }
      return nil
    }
    return directory
  }

  func resolve() throws -> ConfigurationLayers {
    var flags = Self.flagGroups(self).flatMap(\.given)
    if isAdaptive {
      if let method = flags.first(where: { $0.name == "method" }), method.text != "smoot" {
        throw CommandError(
          "--adaptive: means --method smoot, but --method is \(method.text)", exitCode: 64)
      }
      flags.append((name: "method", text: "smoot"))
    }
    var chosen: Preset?
    if let preset {
      guard let found = Preset(rawValue: preset) else {
        let names = Preset.allCases.map(\.rawValue)
        throw CommandError(
          "--preset: there is no \"\(preset)\"; known are \(names.joined(separator: ", "))",
          exitCode: 64)
      }
      chosen = found
    }
    return try ConfigurationLayers(
      flags: flags, environment: ProcessInfo.processInfo.environment, file: config,
      preset: chosen)
  }

  /// Two steps, timed, without writing anything.
  private func rehearse(_ trainer: Trainer, _ layers: ConfigurationLayers) throws {
    let seconds = trainer.rehearse(steps: 2).min() ?? 0
    let perEpoch = seconds * Double(trainer.stepsPerEpoch)
    for option in TrainingConfiguration.options {
      let origin = layers.origins[option.name] ?? "default"
      let text = option.text(layers.configuration)
      Console.result("\(option.name): \(text.isEmpty ? "-" : text)  (\(origin))")
    }
    Console.result(
      "\(trainer.model.parameterCount) parameters, \(trainer.stepsPerEpoch) steps an epoch, about \(clockTime(perEpoch)) an epoch, \(clockTime(perEpoch * Double(layers.configuration.epochs))) in all; nothing was written"
    )
  }
}

/// Whether `train` goes on with a run that is there.
enum ResumePolicy: String, ExpressibleByArgument, CaseIterable {
  case auto, must, never
}
