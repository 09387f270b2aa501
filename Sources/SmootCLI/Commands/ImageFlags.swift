import ArgumentParser
import Smoot

/// Flags that choose weights and images.
struct ImageFlags: ParsableArguments {
  @Option(help: "Which weights of a run: last or best.") var weights = WeightsChoice.last

  @Option(help: "Another data set than the model was trained on.") var dataset: String?

  @Option(help: "The folder of the data set.") var data: String?

  @Option(help: "Which part: train or test.") var split = "test"

  @Option(help: "Use the first N images only.") var limit: Int?

  enum WeightsChoice: String, ExpressibleByArgument, CaseIterable {
    case last
    case best
  }

  /// The images for a model.
  func load(for model: LoadedModel, _ common: CommonFlags) throws -> ImageDataset {
    guard let part = KnownDataset.Split(rawValue: split) else {
      throw CommandError("--split: \"\(split)\" is not one of: train, test", exitCode: 64)
    }
    if let limit, limit < 1 {
      throw CommandError("--limit: \(limit) is not above 0", exitCode: 64)
    }
    let name = dataset ?? model.training?.dataset ?? model.description.dataset
    if ImageFolder.isFolder(name) {
      let folder = dataset ?? data ?? model.data ?? name
      let loaded = try pictures(of: folder, part, for: model, common)
      return limit.map(loaded.limited(to:)) ?? loaded
    }
    let known = try KnownDataset.named(name)
    try model.check(takes: known.size, of: known.name)
    let loaded = try known.load(part, from: DataLocator(path: data ?? model.data))
    try model.check(takes: loaded)
    return limit.map(loaded.limited(to:)) ?? loaded
  }

  /// A person's own pictures, brought to what a model takes.
  private func pictures(
    of path: String, _ part: KnownDataset.Split, for model: LoadedModel, _ common: CommonFlags
  ) throws -> ImageDataset {
    let reader = try model.pictureReader()
    let pictures = try FolderPictures(
      path: path, settings: model.training ?? TrainingConfiguration(), size: reader.size,
      normalization: reader.normalization, common: common)
    try model.check(knows: pictures.folder)
    return try pictures.load(part).dataset
  }
}
