public import Smoot

/// Times an attribution method for a network with initial weights, whose maps cost what those of any other one do.
public struct AttributionBenchmark {
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

  private let method: any AttributionMethod
  private let options: [String: String]
  private let configuration: TrainingConfiguration
  private let model: any Classifier
  private let batch: LabeledBatch
  private let context: AttributionContext

  /// Makes the network and reads the images.
  ///
  /// - Parameters:
  ///   - method: the method.
  ///   - options: the options that it was made with.
  ///   - configuration: names the network.
  ///   - dataset: the images, all of which are explained, each for its label.
  ///   - pixelRange: the values of black and white.
  ///   - maximumMemory: what passes through the network may take, in bytes.
  /// - Throws: `ConfigurationError` or `ModelError` when there is no such network, `DatasetError` when an image cannot be read.
  public init(
    _ method: any AttributionMethod, _ options: [String: String],
    configuration: TrainingConfiguration, dataset: ImageDataset, pixelRange: PixelRange,
    maximumMemory: Int
  ) throws {
    let trainer = try Trainer(configuration: configuration, training: dataset, test: dataset)
    (self.method, self.options, self.configuration) = (method, options, configuration)
    model = trainer.model.convolving(by: configuration.resolvedConvolution)
    batch = dataset.batch(Array(0..<dataset.count))
    try dataset.checkReadable()
    context = AttributionContext(
      pieceSize: AttributionContext.pieceSize(for: model, maximumMemory: maximumMemory),
      references: FrozenTensor(batch.images.sliced(axis: 0, 0..<min(32, dataset.count))),
      pixelRange: pixelRange)
  }

  /// Times the maps of all images, after some that do not count.
  ///
  /// - Parameter rounds: how often all maps are made; above 0.
  /// - Throws: `AttributionError` when the method does not suit the network.
  public func run(rounds: Int) throws -> Result {
    precondition(rounds > 0, "nothing is timed in \(rounds) rounds")
    try warmUp()
    let count = batch.labels.count
    let times = TimeSpread(try (0..<rounds).map { _ in try seconds { try explain(count) } })
    return Result(
      method: type(of: method).description.name, options: options,
      model: configuration.resolvedModel,
      convolution: configuration.resolvedConvolution.rawValue, images: count,
      imagesPerPass: context.pieceSize, threads: Parallelism.threads, seconds: times.median,
      secondsMinimum: times.minimum, secondsMaximum: times.maximum,
      mapsPerSecond: Double(count) / times.median,
      peakMegabytes: ProcessMemory.peakMegabytes)
  }

  /// Where the time of the maps of all images goes, after some that do not count; see ``StepBenchmark/profile(steps:)``.
  ///
  /// - Parameter rounds: how often all maps are made; above 0.
  /// - Throws: `AttributionError` when the method does not suit the network.
  public func profile(rounds: Int) throws -> StepProfile {
    try warmUp()
    let profile = OperationProfile()
    try OperationProfile.$current.withValue(profile) {
      for _ in 0..<rounds { try explain(batch.labels.count) }
    }
    return StepProfile(profile, steps: rounds, precision: configuration.precision)
  }

  /// A whole pass, which takes the memory that the next ones use again.
  private func warmUp() throws { try explain(min(context.pieceSize, batch.labels.count)) }

  private func explain(_ count: Int) throws {
    _ = try method.attribute(
      batch.images.sliced(axis: 0, 0..<count), targets: Array(batch.labels.prefix(count)),
      model: model, context)
    OperationProfile.end(of: "other work")
  }
}
