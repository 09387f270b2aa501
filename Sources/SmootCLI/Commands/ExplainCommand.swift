import ArgumentParser
import Foundation
import Smoot

/// `smoot explain`: heat maps of images.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Draw what a model looks at.",
    discussion: """
      Writes attributions.npy, inputs.npy [N,C,H,W], logits.npy, labels.npy and indices.npy for other tools, a heat map and an overlay of each image, and grid.png.
      With --compare the grid shows the maps of several models side by side, each map on its own scale.

      Example:
        smoot explain Checkpoints/fashion-mnist-smoot --compare Checkpoints/fashion-mnist-traditional --indices 0:16 --output maps
        smoot explain Checkpoints/pets-smoot cat.jpg dog.jpg --output maps
      """)

  @Argument(help: "A run's folder or a checkpoint.") var model: String

  @Argument(help: "PNG and JPEG files to explain instead of images of a data set.")
  var pictures: [String] = []

  @Option(help: "Another model to show beside it; may be given several times.")
  var compare: [String] = []

  @Option(help: "Which images: 0:64 or 0..<64, the first 64; or 3,5,8 (default: 0:16).")
  var indices: String?

  @Option(help: "The method: gradient.") var method = "gradient"

  @Option(help: "What is differentiated: logit, logprob or prob.") var score = "logprob"

  @Option(help: "The class to explain: label or predicted.") var target = "label"

  @Option(help: "What the maps show: abs (magnitude) or signed.") var sign = "abs"

  @Option(name: [.short, .long], help: "The folder for the maps.") var output: String

  @OptionGroup(title: "Data") var images: ImageFlags
  @OptionGroup(title: "Console") var common: CommonFlags

  func run() throws {
    try common.apply()
    guard method == "gradient" else {
      throw CommandError("--method: \"\(method)\" is not one of: gradient", exitCode: 64)
    }
    let kind: ScoreKind = try choice("--score", score)
    let name = target == "predicted" ? "pred" : target
    let explained: SaliencyTarget = try choice("--target", name)
    guard let sign = HeatmapScale.Sign(rawValue: sign == "abs" ? "absolute" : sign),
      sign == .signed || sign == .absolute
    else { throw CommandError("--sign: \"\(self.sign)\" is not one of: abs|signed", exitCode: 64) }
    let models = try ([model] + compare).map { try LoadedModel($0, weights: images.weights) }
    let dataset = try pictures.isEmpty ? images.load(for: models[0], common) : files(models[0])
    for other in models.dropFirst() { try other.check(takes: dataset) }
    let range = indices ?? (pictures.isEmpty ? "0:16" : "0:\(dataset.count)")
    let places = try IndexList(range, count: dataset.count).values
    let batch = dataset.batch(places)
    try dataset.checkReadable()
    let method = InputGradient(score: kind, target: explained)
    let maps = models.map { loaded in
      ExplainedImages(
        batch, dataset, loaded, method(batch.images, labels: batch.labels, model: loaded.model))
    }
    let drawer = MapDrawer(maps: maps, batch: batch, dataset: dataset, sign: sign)
    try Folder.make(output + "/maps")
    try writeArrays(batch, maps[0])
    try drawer.write(to: output)
    Console.result("\(output)/grid.png")
  }

  /// Picture files as a data set; the label of each is what the first model takes it for.
  private func files(_ model: LoadedModel) throws -> ImageDataset {
    let files = try PictureReader.files(pictures)
    let dataset = try model.pictureReader().dataset(
      files, name: "pictures", classNames: model.description.classNames)
    var labels: [Int32] = []
    for start in stride(from: 0, to: dataset.count, by: 64) {
      let batch = dataset.batch(Array(start..<min(dataset.count, start + 64)))
      let logits = model.model.logits(Variable(batch.images), .evaluation()).value
      labels += logits.argmaxOfRows.map { Int32($0) }
    }
    return dataset.labeled(labels)
  }

  private func writeArrays(_ batch: LabeledBatch, _ first: ExplainedImages) throws {
    try NPYFile.write(first.gradients, to: output + "/attributions.npy")
    try NPYFile.write(batch.images, to: output + "/inputs.npy")
    try NPYFile.write(first.logits, to: output + "/logits.npy")
    try NPYFile.write(batch.labels.map(Int64.init), to: output + "/labels.npy")
    try NPYFile.write(batch.indices.map(Int64.init), to: output + "/indices.npy")
  }
}

/// A list of places given as `0..<64`, as `0:64`, which no shell minds, or as `3,5,8`.
struct IndexList {
  let values: [Int]

  init(_ text: String, count: Int) throws(CommandError) {
    let bounds = text.replacing("..<", with: ":").components(separatedBy: ":").map {
      Int($0.trimmingCharacters(in: .whitespaces))
    }
    let list = text.split(separator: ",").map { Int($0.trimmingCharacters(in: .whitespaces)) }
    if bounds.count == 2, let first = bounds[0], let end = bounds[1], first >= 0, first < end {
      values = first < count ? Array(first..<min(end, count)) : [first]
    } else if !list.isEmpty, list.allSatisfy({ $0 != nil }) {
      values = list.compactMap(\.self)
    } else {
      throw CommandError(
        "--indices: \"\(text)\" is not a range such as 0:64 or a list such as 3,5,8", exitCode: 64
      )
    }
    guard let largest = values.max(), largest < count, values.allSatisfy({ $0 >= 0 }) else {
      throw CommandError("--indices: \"\(text)\" goes beyond the \(count) images", exitCode: 64)
    }
  }
}
