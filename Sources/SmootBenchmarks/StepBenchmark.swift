import Foundation
public import Smoot

/// Times whole training steps: forward passes, saliency, masks, gradients, update of the weights.
public struct StepBenchmark {
  /// What was timed and how long it took.
  public struct Result: Codable, Sendable {
    /// The network.
    public let model: String
    /// The training method.
    public let method: String
    /// The numbers that are multiplied.
    public let precision: String
    /// How convolutions sum their products.
    public let convolution: String
    /// Images in a step.
    public let batch: Int
    /// Threads that were used.
    public let threads: Int
    /// The instruction set of the kernels.
    public let kernels: String
    /// The median.
    public let msPerStep: Double
    /// The fastest step.
    public let msPerStepMinimum: Double
    /// The slowest step.
    public let msPerStepMaximum: Double
    /// From the median.
    public let imagesPerSecond: Double
    /// Floating-point operations of a step in billions, counted as direct, dense sums.
    public let gigaflopPerStep: Double
    /// What the median makes of these, as a share of what loops on registers alone reach on as many threads.
    public let percentOfPeak: Double
    /// The most memory that the process has had so far, where the system says so.
    public let peakMegabytes: Int?
    /// The bytes that tensors took from the system, in use or kept for reuse.
    public let tensorBytes: Int
    /// How many of these were taken during the timed steps: none where everything is used again.
    public let newTensorBytes: Int

    enum CodingKeys: String, CodingKey {
      case model, method, precision, convolution, batch, threads, kernels
      case msPerStep = "ms_per_step"
      case msPerStepMinimum = "ms_per_step_minimum"
      case msPerStepMaximum = "ms_per_step_maximum"
      case imagesPerSecond = "images_per_second"
      case gigaflopPerStep = "gigaflop_per_step"
      case percentOfPeak = "percent_of_peak"
      case peakMegabytes = "peak_mb"
      case tensorBytes = "tensor_bytes"
      case newTensorBytes = "new_tensor_bytes"
    }
  }

  private let configuration: TrainingConfiguration
  private let trainer: Trainer
  private let batch: LabeledBatch

  /// Prepares to time the steps of a configuration on one batch.
  ///
  /// - Throws: `ConfigurationError` or `ModelError` when there is no such network.
  public init(
    configuration: TrainingConfiguration, dataset: ImageDataset, batch: LabeledBatch
  ) throws {
    self.configuration = configuration
    self.batch = batch
    trainer = try Trainer(configuration: configuration, training: dataset, test: dataset)
  }

  /// Times some steps, after three that do not count.
  public mutating func run(steps: Int, kernels: String) -> Result {
    _ = trainer.rehearse(steps: 3, on: batch)
    let bytes = TensorMemory.bytes
    let times = TimeSpread(trainer.rehearse(steps: steps, on: batch).map { 1000 * $0 })
    let median = times.median
    let newBytes = TensorMemory.bytes - bytes
    let operations = profiled(steps: 1).rows.reduce(0) { $0 + $1.operations }
    let peak = MachinePeak.ofAllThreads(configuration.precision)
    return Result(
      model: configuration.resolvedModel, method: configuration.method.rawValue,
      precision: configuration.precision.rawValue,
      convolution: configuration.resolvedConvolution.rawValue, batch: batch.labels.count,
      threads: Parallelism.threads, kernels: kernels,
      msPerStep: median, msPerStepMinimum: times.minimum, msPerStepMaximum: times.maximum,
      imagesPerSecond: Double(batch.labels.count) / median * 1000,
      gigaflopPerStep: operations * 1e-9,
      percentOfPeak: 100 * operations / (median / 1000) / peak,
      peakMegabytes: ProcessMemory.peakMegabytes, tensorBytes: TensorMemory.bytes,
      newTensorBytes: newBytes)
  }

  /// Where the time of some steps goes, after three that do not count.
  ///
  /// Measuring costs less than a microsecond an operation. Operations of passes that nothing is differentiated through are not told apart.
  public mutating func profile(steps: Int) -> StepProfile {
    _ = trainer.rehearse(steps: 3, on: batch)
    return StepProfile(
      profiled(steps: steps), steps: steps, precision: configuration.precision)
  }

  private func profiled(steps: Int) -> OperationProfile {
    let profile = OperationProfile()
    OperationProfile.$current.withValue(profile) { _ = trainer.rehearse(steps: steps, on: batch) }
    return profile
  }
}
