import ArgumentParser
import Foundation
import Smoot

/// `smoot report`: one page about some runs.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Write one page about runs, with everything that is known.",
    discussion: """
      The page is a single HTML file that needs no network, no script and no other file, and prints well: configuration and its differences, learning curves, mask sizes, \
      accuracy-drop, insertion and deletion curves, methods by measures, right and wrong predictions with their maps, and how to reproduce everything.
      Curves and measures are those that smoot auc and smoot faithfulness wrote into the runs' folders, beside them, or into the folders of --results. What is missing is named.

      Examples:
        smoot report Checkpoints/mnist-smoot
        smoot report Checkpoints/mnist-* -o report.html --results study --pictures 10
        smoot report Checkpoints/mnist-* --method gradient,grad-cam --sign signed
      """)

  @Argument(help: "Runs' folders.") var runs: [String]

  @Option(name: [.short, .long], help: "The page.") var output = "report.html"

  @Option(
    parsing: .upToNextOption,
    help: "More folders with auc.json or faithfulness.json, or with auc/ or faithfulness/ in them.")
  var results: [String] = []

  @Option(
    name: .customLong("pictures"),
    help: "How many right and how many wrong predictions to show (default: 10).")
  var pictureCount: Int?

  @Flag(help: "Show no pictures; the page says so.") var noPictures = false

  @Option(help: "The methods of the maps, such as a,b (smoot explain --list names all).")
  var method = Gradient.description.name

  @Option(help: "What the maps show: abs (magnitude) or signed.") var sign = "abs"

  @Option(help: ArgumentHelp(MapScaling.help)) var scale = MapScaling.map.rawValue

  @Option(
    help:
      "What is explained: logit, logprob or prob (default: logprob for gradient, logit for all others)."
  )
  var score: String?

  @OptionGroup(title: "Method") var flags: AttributionFlags
  @OptionGroup(title: "Model") var network: NetworkFlags
  @OptionGroup(title: "Data") var images: ImageFlags
  @OptionGroup(title: "Console") var common: CommonFlags

  /// What `--json` prints.
  struct Result: Encodable {
    let report: String
    let bytes: Int
    let runs: [String]
    let warnings: [String]
  }

  func validate() throws {
    guard !noPictures || pictureCount == nil else {
      throw ValidationError("--pictures and --no-pictures cannot be given together")
    }
    if let pictureCount, !(1...1000).contains(pictureCount) {
      throw ValidationError("--pictures: \(pictureCount) is not in 1...1000")
    }
  }

  func run() throws {
    try common.apply()
    let collector = try pictureCollector()
    let names = try runNames(
      runs, named: runs.map { URL(fileURLWithPath: $0).standardizedFileURL.lastPathComponent })
    let reported = try zip(runs, names).map { try RunCollector($0, name: $1).collect() }
    let found = try ResultCollector(reported, folders: results)
    var report = RunReport(
      date: Date.now.formatted(.iso8601), version: SmootCommand.version,
      command: GivenCommand.text, runs: reported, accuracyDrops: found.accuracyDrops,
      faithfulness: found.faithfulness, warnings: found.warnings)
    report.mergeResults()
    // Before the pictures, which take their time.
    let folder = output.parentFolder
    if !folder.isEmpty { try Folder.make(folder) }
    report.pictures =
      noPictures
      ? [.missing("pictures were left out with --no-pictures.")] : collector.collect(reported)
    let html = try report.page().html()
    try ReportFile.write(html, to: output)
    for warning in found.warnings { Console.warning(warning) }
    if common.json {
      Console.json(
        Result(report: output, bytes: html.utf8.count, runs: names, warnings: found.warnings))
    } else {
      Console.result(output)
    }
  }

  private func pictureCollector() throws -> PictureCollector {
    let kind: ScoreKind? = try score.map { try choice("--score", $0) }
    let wanted = try nameList("--method", method)
    let settings = try SettingList(
      flags.settings, owners: wanted,
      others: AttributionRegistry.names.filter { !wanted.contains($0) })
    let methods = try flags.methods("--method", method, settings) { name in
      kind ?? (name == Gradient.description.name ? .logprob : .logit)
    }
    _ = try (flags.explainedClass(), ByteCount("--max-memory", flags.maxMemory))
    let _: Rectification = try choice("--rectify", flags.rectify)
    return PictureCollector(
      methods: methods, flags: flags, network: network, images: images, common: common,
      sign: try MapSign.parse(sign), scaling: try choice("--scale", scale),
      count: pictureCount ?? 10)
  }
}
