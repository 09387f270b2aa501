import ArgumentParser
import Foundation
import Smoot

/// `smoot study robustness`: how runs and their maps bear noise and other distortions.
struct RobustnessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "robustness",
    abstract:
      "Measure how runs and their maps bear noise, rotation, stretch, low contrast and small objects.",
    discussion: """
      For each distortion and level: the probability of the label (confidence), the accuracy, and how far maps agree with those of the images as they are, moved as the images were (Spearman's rank correlation). Runs that differ only in their seed are averaged and drawn with bands; runs with different --mask-ratio give one more plot.
      Levels are lists such as 0.1,0.5,1, or none. A job that was stopped, or killed, goes on when the same command is given again.

      Examples:
        smoot study robustness Checkpoints/linear Checkpoints/dropout Checkpoints/dropkey
        smoot study robustness Checkpoints/dropkey-* --limit 1000 --method dropkey-grad-cam --option masks=average
      """)

  @Argument(help: "Runs' folders or checkpoints.") var models: [String]
  @Option(help: "Variances of Gaussian noise on pixel values from 0 to 1.")
  var noise = Distortion.Kind.noise.usualLevels
  @Option(help: "Rotations in degrees.") var rotation = Distortion.Kind.rotation.usualLevels
  @Option(help: "Horizontal stretches.") var stretch = Distortion.Kind.stretch.usualLevels
  @Option(help: "Shares of the contrast that are left.")
  var contrast = Distortion.Kind.contrast.usualLevels
  @Option(help: "Sizes of the image on a black canvas.") var size = Distortion.Kind.size.usualLevels
  @Option(help: "Values beyond black and white: clip, or rescale the image.")
  var noiseRange = Distortion.Range.clip.rawValue
  @Option(help: "How many times noise is drawn for each image.") var draws = 1
  @Option(help: "What makes the maps (smoot explain --list).") var method = GradCAM.description.name
  @Option(help: "What is explained: logit, logprob or prob.") var score = "logit"
  @Option(help: "How many images, from the first on, are explained (0 for none).") var mapImages =
    64
  @Option(help: "Which images are drawn, such as 0:4, or none (default: 0:4).")
  var pictures: String?
  @Option(
    name: [.short, .long],
    help: "The folder for robustness.json, .csv, .md and the pictures.")
  var output: String?
  @OptionGroup(title: "Method") var flags: AttributionFlags
  @OptionGroup(title: "Model") var network: NetworkFlags
  @OptionGroup(title: "Data") var images: ImageFlags
  @OptionGroup(title: "Console") var common: CommonFlags

  func run() throws {
    try common.apply()
    StopSignal.listen()
    let plan = try plan()
    let loaded = try models.map(network.load)
    let names = try runNames(loaded)
    let datasets = try loaded.map { try images.load(for: $0, common) }
    let digests = datasets.map(\.digest)
    if let other = digests.firstIndex(where: { $0 != digests[0] }) {
      throw CommandError(
        "\(models[other]): was trained on other data than \(models[0]); study them one by one, or give --dataset for both",
        exitCode: 64)
    }
    let drawn = try pictures == "none" ? [] : drawnPlaces(datasets[0])
    let jobs = try zip(loaded, datasets).map { model, dataset in
      let surroundings = try flags.surroundings(
        [plan.method], model, images, dataset.normalization, common)
      return RobustnessJob(plan, model, dataset, surroundings)
    }
    let folder = output ?? defaultFolder(models, "robustness")
    var journal = try ScoreJournal(folder: folder, job: "smoot study robustness")
    var parts: [String: Int] = [:]
    for job in jobs {
      for distortion in plan.distortions {
        parts[distortion.kind.rawValue, default: 0] += job.batchCount
      }
    }
    var progress = JobProgress("robustness", common.style, parts: parts)
    let results = try jobs.map { try $0.run(&journal, &progress) }
    progress.clear()
    let report = report(
      plan, Array(zip(names, loaded)), results, datasets[0], jobs.first?.surroundings)
    try write(report, to: folder)
    try RobustnessPictures(jobs: jobs, names: names, places: drawn).write(to: folder)
    if common.json {
      Console.json(report)
    } else {
      for table in report.summaryTables() { Console.result(table.text()) }
      Console.result("\(folder)/robustness.json  .csv  .md  and pictures")
    }
  }

  private func drawnPlaces(_ dataset: ImageDataset) throws -> [Int] {
    let places = try IndexList(
      pictures ?? "0:\(min(4, dataset.count))", count: dataset.count, flag: "--pictures"
    ).values
    guard places.count <= 16 else {
      throw CommandError("--pictures: \(places.count) images; at most 16 are drawn", exitCode: 64)
    }
    return places
  }

  /// What the flags ask for.
  private func plan() throws -> RobustnessPlan {
    guard try flags.explainedClass() == .label else {
      throw CommandError(
        "--target: the maps that are compared are those of the label", exitCode: 64)
    }
    guard draws > 0, mapImages >= 0 else {
      throw CommandError("--draws is above 0, and --map-images 0 or more", exitCode: 64)
    }
    let levels = [
      (Distortion.Kind.noise, noise), (.rotation, rotation), (.stretch, stretch),
      (.contrast, contrast), (.size, size),
    ]
    var distortions: [Distortion] = []
    for (kind, text) in levels { distortions += try distortionList(kind, text) }
    guard !distortions.isEmpty else {
      throw CommandError("--noise: nothing is left to measure", exitCode: 64)
    }
    let kind: ScoreKind = try choice("--score", score)
    let settings = try SettingList(
      flags.settings, owners: [method],
      others: AttributionRegistry.names.filter { $0 != method })
    let methods = try flags.methods("--method", method, settings) { _ in kind }
    guard methods.count == 1, let only = methods.first else {
      throw CommandError("--method: one method makes the maps", exitCode: 64)
    }
    return RobustnessPlan(
      distortions: distortions,
      robustness: Robustness(
        range: try choice("--noise-range", noiseRange), seed: flags.seed, draws: draws),
      method: only, mapCount: mapImages, rectification: try choice("--rectify", flags.rectify),
      maximumMemory: try ByteCount("--max-memory", flags.maxMemory).bytes)
  }

  /// The levels of a kind, ascending, with the one that changes nothing.
  private func distortionList(
    _ kind: Distortion.Kind, _ text: String
  ) throws(CommandError) -> [Distortion] {
    guard text != "none" else { return [] }
    var levels: Set<Double> = [Distortion.identity(kind)]
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let level = Double(word), Distortion(kind, level).isPossible else {
        throw CommandError(
          "--\(kind.rawValue): \"\(word)\" is not a possible \(kind.quantity); give a list such as \(kind.usualLevels), or none",
          exitCode: 64)
      }
      levels.insert(level)
    }
    return levels.sorted().map { Distortion(kind, $0) }
  }
}
