public import Smoot

/// Times the preparation of batches - reading, decoding, augmentation, normalization - beside the steps that take them.
public struct LoadBenchmark {
  /// What was timed and how fast it was.
  public struct Result: Codable, Sendable {
    /// The data set.
    public let dataset: String
    /// The network of the steps.
    public let model: String
    /// The training method of the steps.
    public let method: String
    /// Images in a batch.
    public let batch: Int
    /// Images that were prepared in each measurement.
    public let images: Int
    /// Threads that were used.
    public let threads: Int
    /// Images a second that are prepared while nothing else runs.
    public let loadedPerSecond: Double
    /// Images a second that steps take when they always get the same batch, which is ready.
    public let trainedPerSecond: Double
    /// Images a second of steps whose next batch is prepared beside them, as in training.
    public let bothPerSecond: Double

    enum CodingKeys: String, CodingKey {
      case dataset, model, method, batch, images, threads
      case loadedPerSecond = "loaded_per_second"
      case trainedPerSecond = "trained_per_second"
      case bothPerSecond = "both_per_second"
    }
  }

  private let configuration: TrainingConfiguration
  private let dataset: ImageDataset
  private let trainer: Trainer
  private let order: BatchOrder
  private let key: RandomKey

  /// Prepares to time a configuration on a data set.
  ///
  /// - Throws: `ConfigurationError` or `ModelError` when there is no such network.
  public init(configuration: TrainingConfiguration, dataset: ImageDataset) throws {
    self.configuration = configuration
    self.dataset = dataset
    trainer = try Trainer(configuration: configuration, training: dataset, test: dataset)
    order = BatchOrder(count: dataset.count, seed: configuration.seed, epoch: 0)
    key = RandomKey(seed: configuration.seed).derived("augmentation").derived(0)
  }

  /// Times some batches: the medians of some rounds, in each of which the three are measured one after the other.
  ///
  /// - Throws: `DatasetError` when an image cannot be read.
  public func run(batches: Int, rounds: Int) throws -> Result {
    let size = configuration.batchSize
    // The first step takes memory and packs weights.
    _ = trainer.rehearse(steps: 1, on: dataset.batch(places(0)))
    var times: [[Double]] = [[], [], []]
    for _ in 0..<rounds {
      times[0].append(seconds { for step in 0..<batches { _ = loaded(step) } })
      let ready = dataset.batch(places(0))
      times[1].append(seconds { _ = trainer.rehearse(steps: batches, on: ready) })
      let prefetcher = BatchPrefetcher(
        dataset, augmentation: configuration.augmentation, mixing: configuration.mixing)
      times[2].append(
        seconds {
          for step in 0..<batches {
            let next = step + 1 < batches ? places(step + 1) : []
            let batch = prefetcher.batch(places(step), next: next, key: key)
            _ = trainer.rehearse(steps: 1, on: batch)
          }
        })
      try dataset.checkReadable()
    }
    let rates = times.map { Double(batches * size) / $0.sorted()[rounds / 2] }
    return Result(
      dataset: dataset.name, model: configuration.resolvedModel,
      method: configuration.method.rawValue, batch: size, images: batches * size,
      threads: Parallelism.threads, loadedPerSecond: rates[0], trainedPerSecond: rates[1],
      bothPerSecond: rates[2])
  }

  private func loaded(_ step: Int) -> LabeledBatch {
    BatchPrefetcher(
      dataset, augmentation: configuration.augmentation, mixing: configuration.mixing
    ).batch(places(step), next: [], key: key)
  }

  /// The images of a step; after the last one the first ones come again.
  private func places(_ step: Int) -> [Int] {
    let whole = max(1, dataset.count / configuration.batchSize)
    return order.places(ofStep: step % whole, batchSize: configuration.batchSize)
  }
}
