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
  func load(for model: LoadedModel) throws -> ImageDataset {
    guard let part = KnownDataset.Split(rawValue: split) else {
      throw CommandError("--split: \"\(split)\" is not one of: train, test", exitCode: 64)
    }
    if let limit, limit < 1 {
      throw CommandError("--limit: \(limit) is not above 0", exitCode: 64)
    }
    let known = try KnownDataset.named(dataset ?? model.description.dataset)
    guard known.size == model.description.inputSize else {
      throw CommandError(
        "\(model.path): takes images of \(model.description.inputSize), but \(known.name) has \(known.size)",
        exitCode: 65)
    }
    let loaded = try known.load(part, from: DataLocator(path: data ?? model.data))
    if let last = loaded.labels.max(), Int(last) >= model.description.classNames.count {
      throw CommandError(
        "\(model.path): knows \(model.description.classNames.count) classes, but \(known.name) has label \(last)",
        exitCode: 65)
    }
    return limit.map(loaded.limited(to:)) ?? loaded
  }
}
