public import Smoot

/// Times an accuracy-drop curve: saliency, ranking and ten passes over the images.
public enum AUCBenchmark {
  /// What was timed and how long it took.
  public struct Result: Codable, Sendable {
    /// The network.
    public let model: String
    /// The numbers that are multiplied.
    public let precision: String
    /// How many images there are.
    public let images: Int
    /// Threads that were used.
    public let threads: Int
    /// The time of the whole curve, without reading the images.
    public let seconds: Double
    /// Images whose part of the curve is computed in a second.
    public let imagesPerSecond: Double
    /// The most memory that the process has had, in MB, where the system says so.
    public let peakMegabytes: Int?

    enum CodingKeys: String, CodingKey {
      case model, precision, images, threads, seconds
      case imagesPerSecond = "images_per_second"
      case peakMegabytes = "peak_mb"
    }
  }

  /// Times the curve of a network with initial weights, which costs what any other one does.
  ///
  /// - Parameters:
  ///   - configuration: names the network.
  ///   - dataset: the images, all of which are taken.
  ///   - batchSize: how many at a time.
  /// - Throws: `ConfigurationError` or `ModelError` when there is no such network, `DatasetError` when an image cannot be read.
  public static func run(
    configuration: TrainingConfiguration, dataset: ImageDataset, batchSize: Int
  ) throws -> Result {
    let trainer = try Trainer(configuration: configuration, training: dataset, test: dataset)
    let model = trainer.model.convolving(by: configuration.resolvedConvolution)
    let measure = AccuracyDrop(options: AccuracyDrop.Options())
    let time = try seconds {
      for first in stride(from: 0, to: dataset.count, by: batchSize) {
        let places = Array(first..<min(dataset.count, first + batchSize))
        _ = measure.hits(of: model, on: dataset, places: places)
        try dataset.checkReadable()
      }
    }
    return Result(
      model: configuration.resolvedModel, precision: Precision.float32.rawValue,
      images: dataset.count, threads: Parallelism.threads, seconds: time,
      imagesPerSecond: Double(dataset.count) / time, peakMegabytes: ProcessMemory.peakMegabytes)
  }
}
