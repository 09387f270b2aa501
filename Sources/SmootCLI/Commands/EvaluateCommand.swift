import ArgumentParser
import Smoot

/// `smoot evaluate`: accuracy and loss of a model.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Measure a model's accuracy and loss.",
    discussion: "Example:\n  smoot evaluate Checkpoints/mnist-smoot --json")

  @Argument(help: "A run's folder or a checkpoint.") var model: String

  @OptionGroup(title: "Model") var network: NetworkFlags
  @OptionGroup(title: "Data") var images: ImageFlags
  @OptionGroup(title: "Console") var common: CommonFlags

  struct Result: Codable {
    let model: String
    let dataset: String
    let split: String
    let accuracy: Double
    let loss: Double
    let count: Int
    let convolution: String
  }

  func run() throws {
    try common.apply()
    let loaded = try network.load(model)
    let dataset = try images.load(for: loaded, common)
    let score = ClassificationScore(of: loaded.model, on: dataset)
    try dataset.checkReadable()
    let result = Result(
      model: loaded.path, dataset: dataset.name, split: dataset.split, accuracy: score.accuracy,
      loss: score.loss, count: score.count, convolution: loaded.convolution.rawValue)
    if common.json {
      Console.json(result)
    } else {
      Console.result(
        "\(result.dataset) \(result.split): accuracy \(fixed(result.accuracy, 2)) %  loss \(fixed(result.loss, 4))  \(result.count) images"
      )
    }
  }
}
