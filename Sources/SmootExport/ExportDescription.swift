import Foundation
public import SmootTensor

/// What an exported file says about its model besides the weights.
public struct ExportDescription: Sendable {
  /// The network's name, such as `cnn`.
  public var model: String
  /// The extents of its images.
  public var inputSize: ImageSize
  /// The classes' names, in the order of the logits.
  public var classNames: [String]
  /// The mean of each channel, on a scale from 0 to 1.
  public var mean: [Float]
  /// The standard deviation of each channel, on the same scale.
  public var standardDeviation: [Float]
  /// How images were brought to their size, such as `bicubic`; `nil` when they had it.
  public var interpolation: String?
  /// The data set that the model was trained on.
  public var dataset: String
  /// Which weights these are: `plain`, or `ema` for their moving average.
  public var weights: String
  /// The version of smoot.
  public var version: String

  /// Makes a description.
  public init(
    model: String, inputSize: ImageSize, classNames: [String], mean: [Float],
    standardDeviation: [Float], interpolation: String? = nil, dataset: String, weights: String,
    version: String
  ) {
    self.model = model
    self.inputSize = inputSize
    self.classNames = classNames
    self.mean = mean
    self.standardDeviation = standardDeviation
    self.interpolation = interpolation
    self.dataset = dataset
    self.weights = weights
    self.version = version
  }

  /// The name of the text that says which weights a file has.
  public static let weightsKey = "weights"

  /// The description as named texts, ordered by name; lists are JSON.
  ///
  /// The names are those of timm's configurations where it has them: `architecture`, `input_size`, `interpolation`, `label_names`, `mean`, `num_classes`, `std`.
  public var texts: [(key: String, value: String)] {
    var texts = [
      "architecture": model, "dataset": dataset, "input_size": Self.json(inputSize.dimensions),
      "label_names": Self.json(classNames), "mean": Self.json(mean),
      "num_classes": String(classNames.count), "smoot_version": version,
      "std": Self.json(standardDeviation), Self.weightsKey: weights,
    ]
    texts["interpolation"] = interpolation
    return texts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The description in a sentence.
  var sentence: String {
    "\(model) for images \(inputSize) (channels x height x width) in \(classNames.count) classes, trained on \(dataset) with smoot \(version); weights: \(weights)"
  }

  private static func json(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes]
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
  }
}
