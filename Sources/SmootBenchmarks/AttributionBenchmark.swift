public import Smoot

/// Times an attribution method.
public enum AttributionBenchmark {
  /// What was timed and how long it took.
  public struct Result: Codable, Sendable {
    /// The method.
    public let method: String
    /// Its options that differ from the usual ones.
    public let options: [String: String]
    /// The network.
    public let model: String
    /// How its convolutions sum their products.
    public let convolution: String
    /// How many images are explained.
    public let images: Int
    /// Images, or variants of images, that go through the network together.
    public let imagesPerPass: Int
    /// Threads that were used.
    public let threads: Int
    /// The median time of all maps.
    public let seconds: Double
    /// The shortest time.
    public let secondsMinimum: Double
    /// The longest time.
    public let secondsMaximum: Double
    /// Maps made in a second, by the median.
    public let mapsPerSecond: Double
    /// The most memory that the process has had, in MB, where the system says so.
    public let peakMegabytes: Int?

    enum CodingKeys: String, CodingKey {
      case method, options, model, convolution, images, threads, seconds
      case imagesPerPass = "images_per_pass"
      case secondsMinimum = "seconds_min"
      case secondsMaximum = "seconds_max"
      case mapsPerSecond = "maps_per_second"
      case peakMegabytes = "peak_mb"
    }
  }

  /// Times the maps of a network with initial weights, which cost what those of any other one do, after some that do not count.
  ///
  /// - Parameters:
  ///   - method: the method.
  ///   - options: the options that it was made with.
  ///   - configuration: names the network.
  ///   - dataset: the images, all of which are explained, each for its label.
  ///   - pixelRange: the values of black and white.
  ///   - maximumMemory: what passes through the network may take, in bytes.
  ///   - rounds: how often all maps are made; above 0.
  /// - Throws: `AttributionError` when the method does not suit the network, `ConfigurationError` or `ModelError` when there is no such network, `DatasetError` when
  ///   an image cannot be read.
  public static func run(
    _ method: any AttributionMethod, _ options: [String: String],
    configuration: TrainingConfiguration,
    dataset: ImageDataset, pixelRange: PixelRange, maximumMemory: Int, rounds: Int
  ) throws -> Result {
    precondition(rounds > 0, "nothing is timed in \(rounds) rounds")
    let trainer = try Trainer(configuration: configuration, training: dataset, test: dataset)
    let model = trainer.model.convolving(by: configuration.resolvedConvolution)
    let batch = dataset.batch(Array(0..<dataset.count))
    try dataset.checkReadable()
    let context = AttributionContext(
      pieceSize: AttributionContext.pieceSize(for: model, maximumMemory: maximumMemory),
      references: FrozenTensor(batch.images.sliced(axis: 0, 0..<min(32, dataset.count))),
      pixelRange: pixelRange)
    func explain(_ count: Int) throws {
      _ = try method.attribute(
        batch.images.sliced(axis: 0, 0..<count), targets: Array(batch.labels.prefix(count)),
        model: model, context)
    }
    // A whole pass, which takes the memory that the next ones use again.
    try explain(min(context.pieceSize, dataset.count))
    let times = TimeSpread(
      try (0..<rounds).map { _ in try seconds { try explain(dataset.count) } })
    return Result(
      method: type(of: method).description.name, options: options,
      model: configuration.resolvedModel,
      convolution: configuration.resolvedConvolution.rawValue, images: dataset.count,
      imagesPerPass: context.pieceSize, threads: Parallelism.threads, seconds: times.median,
      secondsMinimum: times.minimum, secondsMaximum: times.maximum,
      mapsPerSecond: Double(dataset.count) / times.median,
      peakMegabytes: ProcessMemory.peakMegabytes)
  }
}
