import ArgumentParser
import Foundation
import Smoot

/// `smoot explain`: heat maps of images.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Draw what a model looks at.",
    discussion: """
      Writes attributions.npy (attributions-METHOD.npy for several methods), inputs.npy [N,C,H,W], logits.npy, labels.npy and indices.npy for other tools, a heat map and an overlay of each image for each method, grid.png, overlays.png, and methods.json with all options and with the maps that show nothing.
      A folder that holds maps already is refused unless --force says that they may be replaced.
      Pixels of several channels are drawn by the mean of their channels (and, with --sign abs, its magnitude); the arrays hold each channel.
      The grids have a column for each method; with --compare, for each model, on one colour scale, which is stated below; --scale says what the maps share it by. The files of the second model have model2 in their names, and so on. Maps of layers are resized to the image.

      Examples:
        smoot explain --list
        smoot explain --list --method gradient
        smoot explain Checkpoints/fashion-mnist-smoot --compare Checkpoints/fashion-mnist-traditional --indices 0:16 --output maps
        smoot explain Checkpoints/pets-smoot cat.jpg dog.jpg --output maps
        smoot explain Checkpoints/pets-smoot cat.jpg --method gradient-shap --references 64 --output maps
        smoot explain Checkpoints/pets-smoot --method gradient --option gradient.absolute=true --max-memory 4G --output maps
      """)

  @Argument(help: "A run's folder or a checkpoint.") var model: String?

  @Argument(help: "PNG and JPEG files to explain instead of images of a data set.")
  var pictures: [String] = []

  @Flag(help: "List the methods, or the options of those that --method names.") var list = false

  @Option(help: "Another model to show beside it; may be given several times.")
  var compare: [String] = []

  @Option(help: "Which images: 0:64 or 0..<64, the first 64; or 3,5,8 (default: 0:16).")
  var indices: String?

  @Option(help: "One or several methods, such as a,b (default: gradient; --list names all).")
  var method: String?

  @Option(
    help:
      "What is explained: logit, logprob or prob (default: logprob for gradient, logit for all others)."
  )
  var score: String?

  @Option(help: "What the maps show: abs (magnitude) or signed.") var sign = "abs"

  @Option(help: ArgumentHelp(MapScaling.help)) var scale = MapScaling.map.rawValue

  @Option(help: ArgumentHelp(DrawnRange.help)) var range: String?

  @Option(
    name: .customLong("pictures"),
    help: ArgumentHelp(
      "Which pictures are drawn: all, grid (none of single images) or none (arrays alone).",
      valueName: "pictures"))
  var drawn = PictureChoice.all.rawValue

  @Option(name: [.short, .long], help: "The folder for the maps.") var output: String?

  @Flag(help: "Replace the maps that the folder holds already.") var force = false

  @OptionGroup(title: "Method") var flags: AttributionFlags
  @OptionGroup(title: "Model") var network: NetworkFlags
  @OptionGroup(title: "Data") var images: ImageFlags
  @OptionGroup(title: "Console") var common: CommonFlags

  func validate() throws {
    guard !list else { return }
    guard model != nil else { throw ValidationError("Missing expected argument '<model>'") }
    guard output != nil else {
      throw ValidationError("Missing expected argument '--output <output>'")
    }
  }

  func run() throws {
    try common.apply()
    guard let model, let output, !list else { return try showList() }
    let methods = try chosenMethods()
    let drawing: PictureChoice = try choice("--pictures", drawn)
    let (sign, scaling): (HeatmapScale.Sign, MapScaling) = (
      try MapSign.parse(sign), try choice("--scale", scale)
    )
    let limits: DrawnRange? = try range.map { try choice("--range", $0) }
    guard limits != .extremes || sign != .signed else {
      throw CommandError(
        "--range: signed maps are drawn around zero, which minimum-maximum does not have",
        exitCode: 64)
    }
    _ = try (flags.explainedClass(), ByteCount("--max-memory", flags.maxMemory))
    let _: Rectification = try choice("--rectify", flags.rectify)
    let folder = ExplainFolder(path: output, mayReplace: force)
    try folder.check()
    try checkPictures(methods)
    let models = try ([model] + compare).map(network.load)
    let names = try runNames(models)
    let dataset = try pictures.isEmpty ? images.load(for: models[0], common) : files(models[0])
    for other in models.dropFirst() { try other.check(takes: dataset) }
    let wanted = indices ?? "0:\(pictures.isEmpty ? min(16, dataset.count) : dataset.count)"
    let places = try IndexList(wanted, count: dataset.count).values
    let surroundings = try flags.surroundings(
      methods, models[0], images, dataset.normalization, common)
    for warning in try models.compactMap(flags.memoryWarning) { Console.warning(warning) }
    StopSignal.listen()
    let record = try ExplainJob(
      models: models, pieceSizes: models.map { try flags.pieceSize(for: $0.model) }, names: names,
      dataset: dataset, places: places, hasLabels: pictures.isEmpty,
      methods: methods, surroundings: surroundings, flags: flags, sign: sign, scaling: scaling,
      range: limits, choice: drawing, output: folder
    ).run()
    for line in record.completeness { common.note(line) }
    for warning in record.warnings { Console.warning(warning) }
    if common.json {
      Console.json(record)
    } else {
      Console.result("\(output)/\(drawing == .none ? "methods.json" : "grid.png")")
    }
  }

  /// The methods, or the options of some.
  private func showList() throws {
    let names = try method.map { try nameList("--method", $0) }
    for name in names ?? [] { _ = try AttributionRegistry.make(name) }
    let list = MethodList(only: names)
    if common.json {
      Console.json(list)
    } else {
      Console.result((names == nil ? list.table() : list.optionTable()).text())
    }
  }

  private func chosenMethods() throws -> [ChosenMethod] {
    let names = method ?? "gradient"
    let kind: ScoreKind? = try score.map { try choice("--score", $0) }
    let wanted = try nameList("--method", names)
    let settings = try SettingList(
      flags.settings, owners: wanted,
      others: AttributionRegistry.names.filter { !wanted.contains($0) })
    return try flags.methods("--method", names, settings) { name in
      kind ?? (name == Gradient.description.name ? .logprob : .logit)
    }
  }

  /// Refuses picture files that are not there, and flags that mean nothing with them.
  private func checkPictures(_ methods: [ChosenMethod]) throws(CommandError) {
    guard !pictures.isEmpty else { return }
    if let missing = pictures.first(where: { !FileManager.default.fileExists(atPath: $0) }) {
      throw CommandError("\(missing.printable): there is no such file", exitCode: 66)
    }
    // A data set may be named to compare with.
    let hasReferences = methods.contains { $0.method.needs.contains(.references) }
    let given = [
      ("--target label", flags.target == "label"),
      ("--dataset", images.dataset != nil && !hasReferences),
      ("--split", images.split != nil), ("--limit", images.limit != nil),
    ]
    if let (flag, _) = given.first(where: { $0.1 }) {
      throw CommandError(
        "\(flag): means nothing for picture files, which have no labels and are no data set",
        exitCode: 64)
    }
  }

  /// Picture files as a data set.
  private func files(_ model: LoadedModel) throws -> ImageDataset {
    let files = try PictureReader.files(pictures)
    return try model.pictureReader().dataset(
      files, name: "pictures", classNames: model.description.classNames)
  }
}
