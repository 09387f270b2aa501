import ArgumentParser
import Foundation
import Smoot

/// `smoot study roar`: remove and retrain, or keep and retrain.
struct RetrainingCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "roar",
    abstract: "Remove or keep what methods find important, and retrain (ROAR and KAR).",
    discussion: """
      Maps of all training and test images are made once. For each method and share, the most important pixels (roar) or all others (kar) become the mean of their channel over the training images, and a network with the run's own configuration is trained on what is left: from scratch, or from the weights of --init where the run began with them. A faithful method makes the accuracy fall fast with roar and slowly with kar; random is the control. Maps are of the predicted class, unlike elsewhere: with --target label the place of what is removed tells a test image's label, and the accuracy may rise.
      A job that was stopped, or killed, goes on when the same command is given again: between trainings and inside of one.

      Examples:
        smoot study roar Checkpoints/fashion-mnist-sgt --methods gradient,grad-cam,random --epochs 5
        smoot study roar Checkpoints/fashion-mnist-sgt --mode kar --seeds 3 --shares 10,50,90
      """)

  @Argument(help: "A run's folder or a checkpoint.") var model: String
  @Option(help: "Attribution methods, such as a,b (smoot explain --list names all).")
  var methods = "gradient,random"
  @Option(help: "Shares of the most important pixels, in percent.") var shares = "10,30,50,70,90"
  @Option(help: "Remove the most important pixels (roar) or keep them (kar).") var mode =
    RemoveAndRetrain.Kind.remove.rawValue
  @Option(help: "Epochs of each training (default: the run's).") var epochs: Int?
  @Option(help: "How many trainings of each kind, with the run's seed and those after it.")
  var seeds = 1
  @Option(help: "What ranks pixels: abs (magnitude), signed or positive values of the maps.")
  var rank = MapValues.abs.rawValue
  @Option(help: "What is explained: logit, logprob or prob.") var score = "logit"
  @Option(help: "The folder of the data set, if it is no longer where it was.") var data: String?
  @Option(name: [.short, .long], help: "The folder for the trainings, the table and the plot.")
  var output: String?
  @OptionGroup(title: "Method") var flags: AttributionFlags
  @OptionGroup(title: "Model") var network: NetworkFlags
  @OptionGroup(title: "Console") var common: CommonFlags

  func run() throws {
    try common.apply()
    StopSignal.listen()
    let kind: RemoveAndRetrain.Kind = try choice("--mode", mode)
    let loaded = try network.load(model)
    let configuration = try configuration(of: loaded)
    let folder = output ?? defaultFolder([model], mode)
    let job = try job(loaded, configuration, kind, folder)
    for store in job.stores { try store.check(job.sets.training) }
    try Folder.make(folder)
    let lock = try RunLock(folder: folder, job: "smoot study roar")
    common.note(
      "\(job.trainingCount) trainings of \(configuration.epochs) epochs on \(job.sets.training.count) images: \(folder)"
    )
    var line = ProgressLine(common.style)
    let curves = try job.run(&line)
    line.clear()
    let summary = RetrainingSummary(job: job, curves: curves)
    let report = try summary.report()
    try summary.write(report, to: folder)
    if common.json {
      Console.json(try summary.record())
    } else {
      Console.result(summary.table(report).text())
      Console.result(
        ["png", "svg", "csv", "json", "md"].map { "\(folder)/\(mode).\($0)" }
          .joined(separator: "  "))
    }
    withExtendedLifetime(lock) {}
  }

  /// What each network is trained with.
  private func configuration(of loaded: LoadedModel) throws -> TrainingConfiguration {
    guard var configuration = loaded.training else {
      throw CommandError(
        "\(model): does not say how it was trained; give a run's folder or one of its checkpoints",
        exitCode: 65)
    }
    if let epochs {
      guard epochs > 0 else {
        throw CommandError("--epochs: \(epochs) is not above 0", exitCode: 64)
      }
      configuration.epochs = epochs
    }
    guard configuration.epochs > 0 else {
      throw CommandError("--epochs: \(model) was not trained; say for how long", exitCode: 64)
    }
    if let data { configuration.data = data }
    // A limit of time held for the run itself, and of many trainings only the last states are worth keeping.
    configuration.maxTime = nil
    configuration.logInterval = nil
    configuration.keep = 2
    try configuration.validate()
    return configuration
  }

  private func job(
    _ loaded: LoadedModel, _ configuration: TrainingConfiguration,
    _ kind: RemoveAndRetrain.Kind, _ folder: String
  ) throws -> RetrainingJob {
    guard (1...1000).contains(seeds) else {
      throw CommandError("--seeds: \(seeds) is not in 1...1000", exitCode: 64)
    }
    let score: ScoreKind = try choice("--score", score)
    let wanted = try nameList("--methods", methods)
    let settings = try SettingList(
      flags.settings, owners: wanted,
      others: AttributionRegistry.names.filter { !wanted.contains($0) })
    let chosen = try flags.methods("--methods", methods, settings) { _ in score }
    let target = try flags.explainedClass(usual: .prediction)
    let rectification: Rectification = try choice("--rectify", flags.rectify)
    let values: MapValues = try choice("--rank", rank)
    let pieceSize = try flags.pieceSize(for: loaded.model)
    let shares = try shareList()
    let sets = try DatasetPair(configuration, common).limited(by: configuration)
    for dataset in [sets.training, sets.test] { try loaded.check(takes: dataset) }
    let surroundings = try flags.surroundings(chosen, sets.training, common)
    return RetrainingJob(
      loaded: loaded, configuration: configuration, sets: sets, kind: kind, values: values,
      shares: shares, seeds: (0..<seeds).map { configuration.seed &+ UInt64($0) },
      stores: chosen.map {
        MapStore(
          loaded: loaded, method: $0, target: target, rectification: rectification,
          seed: flags.seed, pieceSize: pieceSize, surroundings: surroundings,
          parent: folder + "/maps")
      }, folder: folder)
  }

  private func shareList() throws(CommandError) -> [Int] {
    let list = shares.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    let found = list.compactMap(\.self)
    guard found.count == list.count, found.allSatisfy((1...99).contains),
      Set(found).count == found.count
    else {
      throw CommandError(
        "--shares: \"\(shares)\" is not a list of different whole numbers from 1 to 99, such as 10,50,90",
        exitCode: 64)
    }
    return found.sorted()
  }
}
