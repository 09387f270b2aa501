import ArgumentParser
import Smoot

/// Flags that choose images.
struct ImageFlags: ParsableArguments {
  @Option(help: "Another data set than the model was trained on.") var dataset: String?

  @Option(help: "The folder of the data set.") var data: String?

  @Option(help: "Which part: train or test (default: test).") var split: String?

  @Option(help: "Use the first N images only.") var limit: Int?

  /// The images for a model.
  func load(for model: LoadedModel, _ common: CommonFlags) throws -> ImageDataset {
    let split = split ?? KnownDataset.Split.test.rawValue
    guard let part = KnownDataset.Split(rawValue: split) else {
      throw CommandError("--split: \"\(split)\" is not one of: train, test", exitCode: 64)
    }
    if let limit, limit < 1 {
      throw CommandError("--limit: \(limit) is not above 0", exitCode: 64)
    }
    if let folder = folder(for: model) {
      let loaded = try pictures(of: folder, for: model, common).load(part).dataset
      return limit.map(loaded.limited(to:)) ?? loaded
    }
    let loaded = try known(part, for: model)
    return limit.map(loaded.limited(to:)) ?? loaded
  }

  /// The name of the data set: the one asked for, or the one that the model was trained on.
  func name(for model: LoadedModel) -> String {
    dataset ?? model.training?.dataset ?? model.description.dataset
  }

  /// The folder of pictures that the data set is, if it is one.
  func folder(for model: LoadedModel) -> String? {
    let name = name(for: model)
    return ImageFolder.isFolder(name) ? dataset ?? data ?? model.data ?? name : nil
  }

  /// A part of a known data set that a model can take.
  func known(_ part: KnownDataset.Split, for model: LoadedModel) throws -> ImageDataset {
    let known = try KnownDataset.named(name(for: model))
    try model.check(takes: known.size, of: known.name)
    let loaded = try known.load(part, from: DataLocator(path: data ?? model.data))
    try model.check(takes: loaded)
    return loaded
  }

  /// A person's own pictures, to be brought to what a model takes.
  func pictures(
    of path: String, for model: LoadedModel, _ common: CommonFlags
  ) throws -> FolderPictures {
    let reader = try model.pictureReader()
    let pictures = try FolderPictures(
      path: path, settings: model.training ?? TrainingConfiguration(), size: reader.size,
      normalization: reader.normalization, common: common)
    try model.check(knows: pictures.folder)
    return pictures
  }
}
