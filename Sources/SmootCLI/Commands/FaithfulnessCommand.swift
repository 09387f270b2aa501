import ArgumentParser
import Foundation
import Smoot

/// `smoot faithfulness`: how far the maps of methods can be trusted, by many measures.
struct FaithfulnessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "faithfulness",
    abstract: "Measure how far the maps of several methods can be trusted.",
    discussion: """
      One table for each run, methods in rows and scores in columns: the mean with its 95 % confidence interval over the images, an arrow to the better end, maps of random numbers as a control, and the seconds that everything took.
      The same tables go to the output folder as JSON, CSV (without times), Markdown and a picture. A job that was stopped, or killed, goes on when the same command is given again.
      Localization is measured on pictures with a pasted patch of the class, which are made from the same images.

      Examples:
        smoot faithfulness --list
        smoot faithfulness Checkpoints/mnist-smoot --methods gradient --metrics all --images 128
        smoot faithfulness Checkpoints/mnist-* --methods gradient --metrics insertion,deletion,road --option insertion-deletion.steps=50
        smoot faithfulness Checkpoints/mnist-smoot --maps mine.npy --indices 0:64 --metrics accuracy-drop,sparseness
      """)

  @Argument(help: "Runs' folders or checkpoints.") var models: [String] = []

  @Flag(help: "List the measures with their scores, or the options of those in --metrics.")
  var list = false

  @Option(help: "Attribution methods, such as a,b (smoot explain --list names all).")
  var methods: String?

  @Option(help: "Measures or scores, such as a,b, or all (default: all; --list names them).")
  var metrics: String?

  @Option(
    name: .customLong("images"),
    help: "How many images, from the first on (default: 256).")
  var imageCount: Int?

  @Option(help: "Which images instead: 0:64 or 0..<64, the first 64; or 3,5,8.")
  var indices: String?

  @Option(
    name: .customLong("maps"),
    help: ArgumentHelp(
      "Maps of the measured images from any tool, [N,H,W] or [N,C,H,W]; several times. They are measured as they are: --rectify does not reach them, and smoot explain writes class activation maps with their signs.",
      valueName: "file.npy"))
  var mapFiles: [String] = []

  @Option(help: "What is explained: logit, logprob or prob.") var score = "logit"

  @Flag(inversion: .prefixedNo, help: "Also measure maps of random numbers.") var control = true

  @Option(help: "A run trained with --permute-labels true, for label-randomization.")
  var randomLabelModel: String?

  @Option(help: "Localization: the patch is the image shrunk, or cropped.")
  var patch = PastedPatches.Patch.shrunk.rawValue

  @Option(help: "Localization: what the patch is pasted on: other-class, mean or noise.")
  var patchBackground = PastedPatches.Background.otherClass.rawValue

  @Option(help: "Localization: the patch's side as a share of the image's.")
  var patchSide = 0.5

  @Option(name: [.short, .long], help: "The folder for tables, picture and journal.")
  var output: String?

  @OptionGroup(title: "Method") var flags: AttributionFlags
  @OptionGroup(title: "Model") var network: NetworkFlags
  @OptionGroup(title: "Data") var images: ImageFlags
  @OptionGroup(title: "Console") var common: CommonFlags

  func validate() throws {
    guard !list else { return }
    guard !models.isEmpty else { throw ValidationError("Missing expected argument '<models> ...'") }
    guard methods != nil || !mapFiles.isEmpty else {
      throw ValidationError(
        "Missing expected argument '--methods <methods>' or '--maps <file.npy>'")
    }
    guard imageCount == nil || indices == nil else {
      throw ValidationError("--images and --indices cannot be given together")
    }
    guard mapFiles.isEmpty || models.count == 1 else {
      throw ValidationError("--maps explain one run, so they can be given with one only")
    }
  }

  func run() throws {
    try common.apply()
    if list { return try showList() }
    StopSignal.listen()
    let settings = try settingList()
    let (methods, measures) = (try chosenMethods(settings), try chosenMeasures(settings))
    let loaded = try models.map(network.load)
    let names = try runNames(loaded)
    let datasets = try loaded.map { try images.load(for: $0, common) }
    let places = try datasets.map { try chosenPlaces(of: $0) }
    let files = try mapFiles.map {
      try MapFile($0, count: places[0].count, size: datasets[0].size)
    }
    noteSigns(of: files)
    let plan = try plan(methods, measures, files)
    let jobs = try zip(loaded, zip(datasets, places)).map { model, part in
      let surroundings = try flags.surroundings(
        methods, model, images, part.0.normalization, common)
      return try FaithfulnessJob(plan, model, part.0, places: part.1, surroundings)
    }
    let folder = output ?? defaultFolder(models, "faithfulness")
    var progress = FaithfulnessProgress(common.style, jobs)
    for job in jobs { try job.check(&progress) }
    var journal = try ScoreJournal(folder: folder, job: "smoot faithfulness")
    let results = try jobs.map { try $0.run(&journal, &progress) }
    progress.clear()
    let summary = FaithfulnessSummary(plan: plan, names: names, results: results)
    for warning in summary.warnings { Console.warning(warning) }
    let report = summary.report(conditions: try conditions(jobs, names))
    try write(report, to: folder)
    if common.json {
      Console.json(report)
      return
    }
    for name in names {
      for table in report.tables(of: name, width: 120) { Console.result(table.text()) }
    }
    Console.result(
      ["png", "svg", "csv", "json", "md"].map { "\(folder)/faithfulness.\($0)" }
        .joined(separator: "  "))
  }

  private func write(_ report: FaithfulnessReport, to folder: String) throws {
    let base = folder + "/faithfulness"
    try RunDirectory(path: folder).write(report, to: base + ".json")
    try ReportFile.write(report.scoreTable().csv(), to: base + ".csv")
    try ReportFile.write(report.markdown(), to: base + ".md")
    let figure = report.plot().figure()
    try figure.write(to: base + ".png")
    try figure.write(to: base + ".svg")
  }

  private func showList() throws {
    let isAll = metrics == nil || metrics == "all"
    let names = try isAll ? nil : nameList("--metrics", metrics ?? "")
    for name in names ?? [] { _ = try MeasureRegistry.measure(name) }
    let list = MeasureList(only: names)
    if common.json {
      Console.json(list)
    } else {
      Console.result((names == nil ? list.table() : list.optionTable()).text())
    }
  }
}
