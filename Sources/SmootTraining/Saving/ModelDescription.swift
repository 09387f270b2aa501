import Foundation
import SmootAutodiff
public import SmootCheckpoints
public import SmootDatasets
public import SmootNN
public import SmootTensor

/// What a checkpoint says about its model, enough to build it and to feed it.
public struct ModelDescription: Codable, Sendable, Equatable {
  /// The network's name, such as `cnn`.
  public let model: String
  /// What the network is beyond its name.
  public let options: ModelOptions
  /// The extents of its images.
  public let inputSize: ImageSize
  /// The classes' names.
  public let classNames: [String]
  /// How pixel values become inputs.
  public let normalization: Normalization
  /// The data set that it was trained on.
  public let dataset: String

  /// The key in a file's texts.
  public static let key = "smoot.model"

  /// Describes a model trained on a data set.
  public init(model: String, options: ModelOptions, dataset: ImageDataset) {
    self.model = model
    self.options = options
    inputSize = dataset.size
    classNames = dataset.classNames
    normalization = dataset.normalization
    self.dataset = dataset.name
  }

  /// Reads a description; one without options is of a network as it usually is.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    model = try values.decode(String.self, forKey: .model)
    options = try values.decodeIfPresent(ModelOptions.self, forKey: .options) ?? ModelOptions()
    inputSize = try values.decode(ImageSize.self, forKey: .inputSize)
    classNames = try values.decode([String].self, forKey: .classNames)
    normalization = try values.decode(Normalization.self, forKey: .normalization)
    dataset = try values.decode(String.self, forKey: .dataset)
  }

  /// The description in a checkpoint.
  public init(_ file: TensorFile, path: String) throws(CheckpointError) {
    guard let text = file.metadata[Self.key] else {
      throw .badFile(
        path: path, place: "the texts", expected: "\(Self.key), which describes the model",
        found: "none; is it a smoot checkpoint?")
    }
    let value: Self
    do {
      value = try JSONDecoder().decode(Self.self, from: Data(text.utf8))
    } catch {
      var found = "something else"
      if case DecodingError.keyNotFound(let key, _) = error {
        found = "none of its \(key.stringValue)"
      }
      throw .badFile(
        path: path, place: Self.key, expected: "the description of a model", found: found)
    }
    let channels = value.inputSize.channels
    let (mean, deviation) = (value.normalization.mean, value.normalization.standardDeviation)
    guard mean.count == channels, deviation.count == channels,
      (mean + deviation).allSatisfy(\.isFinite), (1...100_000).contains(value.classNames.count)
    else {
      throw .badFile(
        path: path, place: Self.key,
        expected: "1 to 100,000 classes, and a mean and a standard deviation for each channel",
        found: "\(value.classNames.count) classes, \(channels) channels, \(mean), \(deviation)")
    }
    self = value
  }

  /// The description as a file's texts hold it.
  public var text: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// The model with weights of a checkpoint; buffers, such as running statistics, have no moving average.
  ///
  /// - Throws: `CheckpointError` when the file is of another model, or lacks the weights asked for.
  public func load(
    _ file: TensorFile, path: String, weights: SavedWeights = .auto
  ) throws(CheckpointError) -> any Classifier {
    let model: any Classifier
    do throws(ModelError) {
      model = try ModelRegistry.make(
        self.model, options, inputSize: inputSize, classCount: classNames.count,
        random: RandomKey(seed: 0))
    } catch {
      throw .badFile(
        path: path, place: Self.key,
        expected: "one of the models \(ModelRegistry.names), for images that it can take",
        found: "\(self.model) for images of \(inputSize) (\(error.message))")
    }
    try file.restore(model.parameters + model.buffers, path: path)
    if weights == .ema, !file.hasAverage {
      throw .badFile(
        path: path, place: "the weights", expected: "their moving average (of a run with --ema)",
        found: "none")
    }
    // Parameters that training left as they were have no average.
    let averaged = model.parameters.filter {
      weights != .plain && file.entries[CheckpointNames.average + $0.name] != nil
    }
    try file.restore(averaged, prefix: CheckpointNames.average, path: path)
    return model
  }
}
