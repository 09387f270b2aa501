import ArgumentParser
import Smoot
import SmootBenchmarks

/// The network and the images of a measurement.
struct BenchSubject: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The network: \(ModelRegistry.names.joined(separator: ", ")) (default: as in training).",
      valueName: "model"))
  var model: String?
  @Option(help: "The data set.") var dataset = "mnist"
  @Option(help: "The folder of the data set.") var data: String?
  @Option(
    help: ArgumentHelp(
      "Random images of this size, such as 3x32x32, instead of a data set.",
      valueName: "channels x height x width"))
  var images: String?
  @Option(help: "The numbers that are multiplied: fp32 or bf16.") var precision = "fp32"
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Another setting of training, such as depth=6.", valueName: "name=value"))
  var settings: [String] = []

  /// The most bytes that random images may have.
  private static let mostBytes = 1 << 32

  /// The settings of training, with some of the command's own.
  func configuration(with own: [(name: String, text: String)]) throws -> TrainingConfiguration {
    var configuration = TrainingConfiguration()
    // The kind of network that is usual for random images depends on their channels, as for a data set.
    let dataset = try images.map { try size(of: $0).channels == 1 ? "mnist" : "cifar10" }
    let chosen =
      [
        ("model", model ?? ""), ("dataset", dataset ?? self.dataset), ("precision", precision),
      ] + own
    for (name, text) in chosen {
      try apply(name, text, to: &configuration, origin: "--\(name)")
    }
    for setting in settings {
      let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        throw CommandError("--set: '\(setting)' is not name=value", exitCode: 64)
      }
      let own = ["model", "dataset", "data", "precision", "method", "batch-size", "micro-batch"]
      guard !own.contains(parts[0]) else {
        throw CommandError(
          "--set: \(parts[0]) has a flag of its own, --\(parts[0])", exitCode: 64)
      }
      try apply(parts[0], parts[1], to: &configuration, origin: "--set \(parts[0])")
    }
    configuration.data = data
    try configuration.validate()
    return configuration
  }

  /// The flags that say the same, but for a quantity that is to be changed.
  func arguments(without quantity: ScaledQuantity) -> [String] {
    let flags: [(String, String?)] = [
      ("--model", model), ("--dataset", dataset), ("--data", data),
      ("--images", quantity == .imageSide ? nil : images), ("--precision", precision),
    ]
    let given = flags.flatMap { name, value in value.map { [name, $0] } ?? [] }
    return given + settings.flatMap { ["--set", $0] }
  }

  /// At least `count` training images.
  func images(
    _ configuration: TrainingConfiguration, count: Int, _ common: CommonFlags
  ) throws -> ImageDataset {
    if let images {
      let size = try size(of: images)
      guard count <= Self.mostBytes / (size.channels * size.pixels) else {
        throw CommandError(
          "--images: \(count) images of \(images) have more than \(Self.mostBytes) bytes; take fewer or smaller ones",
          exitCode: 64)
      }
      return .random(size: size, count: count)
    }
    let dataset = try DatasetPair(configuration, common).training
    guard dataset.count >= count else {
      throw CommandError(
        "\(dataset.name): has \(dataset.count) images, \(count) are asked for", exitCode: 64)
    }
    return dataset
  }

  private func apply(
    _ name: String, _ text: String, to configuration: inout TrainingConfiguration, origin: String
  ) throws {
    guard let option = TrainingConfiguration.option(named: name) else {
      let names = TrainingConfiguration.options.map(\.name)
      let hint = nearestWord(to: name, among: names).map { "; did you mean '\($0)'?" } ?? ""
      throw CommandError("\(origin): there is no such setting\(hint)", exitCode: 64)
    }
    try option.apply(text, to: &configuration, origin: origin, exitCode: 64)
  }

  private func size(of text: String) throws -> ImageSize {
    let numbers = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    let valid = numbers.compactMap { $0 }.filter { (1...4096).contains($0) }
    guard numbers.count == 3, valid.count == 3, valid[0] == 1 || valid[0] == 3 else {
      throw CommandError(
        "--images: '\(text)' is not channels x height x width with 1 or 3 channels and sides up to 4096, such as 3x32x32",
        exitCode: 64)
    }
    return ImageSize(channels: valid[0], height: valid[1], width: valid[2])
  }
}
