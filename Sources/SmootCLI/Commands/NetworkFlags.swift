import ArgumentParser
import Smoot

/// Flags that say which weights a network gets and how it computes.
struct NetworkFlags: ParsableArguments {
  @Option(help: "Which weights of a run: last or best.") var weights = WeightsChoice.last

  @Option(
    help: ArgumentHelp(
      "How convolutions sum their products: direct, or by Winograd's method (default: as in training, direct where a file does not say).",
      valueName: "direct|winograd"))
  var convolution: String?

  enum WeightsChoice: String, ExpressibleByArgument, CaseIterable {
    case last
    case best
  }

  /// Loads the model of a run or of a file.
  func load(_ path: String) throws -> LoadedModel {
    let algorithm: ConvolutionAlgorithm? = try convolution.map { try choice("--convolution", $0) }
    return try LoadedModel(path, weights: weights, convolution: algorithm)
  }

  /// What results are kept with.
  var texts: [String: String] {
    ["weights": weights.rawValue, "convolution": convolution ?? "as in training"]
  }
}
