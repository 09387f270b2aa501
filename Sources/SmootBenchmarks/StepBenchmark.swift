import Foundation
public import Smoot

/// Times whole training steps: forward passes, saliency, masks, gradients, update of the weights.
public struct StepBenchmark {
  /// What was timed and how long it took; the keys are those of `torch_smoot.py --bench`.
  public struct Result: Codable, Sendable {
    public let model: String
    public let method: String
    public let batch: Int
    public let threads: Int
    public let kernels: String
    /// The median.
    public let msPerStep: Double
    public let msPerStepMinimum: Double
    public let msPerStepMaximum: Double
    public let imagesPerSecond: Double

    enum CodingKeys: String, CodingKey {
      case model, method, batch, threads, kernels
      case msPerStep = "ms_per_step"
      case msPerStepMinimum = "ms_per_step_minimum"
      case msPerStepMaximum = "ms_per_step_maximum"
      case imagesPerSecond = "images_per_second"
    }
  }

  private let model: any Classifier
  private let batch: LabeledBatch
  private var step: any TrainingStep
  private var optimizer: any Optimizer

  /// Prepares to time one kind of step.
  public init(
    model: any Classifier, batch: LabeledBatch, step: any TrainingStep, optimizer: any Optimizer
  ) {
    self.model = model
    self.batch = batch
    self.step = step
    self.optimizer = optimizer
  }

  /// Times `steps` steps after three that do not count.
  ///
  /// - Returns: the time of each step in milliseconds.
  public mutating func run(steps: Int) -> [Double] {
    (0..<steps + 3).map { index in
      let start = ContinuousClock.now
      let result = step(batch, model, random: RandomKey(seed: 1).derived(index))
      optimizer.update(model.parameters, gradients: result.gradients, learningRate: 1)
      return (ContinuousClock.now - start) / .milliseconds(1)
    }.suffix(steps).map(\.self)
  }
}
