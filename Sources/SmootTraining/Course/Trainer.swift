import Foundation
import SmootAutodiff
public import SmootCheckpoints
public import SmootDatasets
import SmootMasking
public import SmootNN
import SmootTensor

/// Trains one model: the loop from batch to checkpoint.
public final class Trainer {
  /// What determines the run.
  public let configuration: TrainingConfiguration
  /// The network.
  public let model: any Classifier
  /// Where the run stands.
  public private(set) var state = TrainingState()

  package let training: ImageDataset
  package let validation: ImageDataset?
  package let test: ImageDataset
  private let schedule: LearningRateSchedule
  private let learningRateFactors: [Float]
  var step: any TrainingStep
  var optimizer: any Optimizer
  var average: WeightAverage?

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - configuration: what determines the run; validated.
  ///   - training: the images to learn from; those for validation are held out of them here.
  ///   - test: the images to be judged by.
  /// - Throws: ``ConfigurationError`` or `ModelError` when there is no such network.
  public init(
    configuration: TrainingConfiguration, training: ImageDataset, test: ImageDataset
  ) throws {
    self.configuration = configuration
    let limited = configuration.limitTrain.map(training.limited(to:)) ?? training
    let held =
      configuration.validation > 0
      ? limited.holdingOut(configuration.validation, seed: configuration.seed) : nil
    let learned = held?.training ?? limited
    self.training =
      configuration.permuteLabels ? learned.permutingLabels(seed: configuration.seed) : learned
    validation = held?.validation
    self.test = configuration.limitTest.map(test.limited(to:)) ?? test
    model = try configuration.makeModel(for: training)
    learningRateFactors = configuration.learningRateFactors(of: model)
    step = configuration.makeStep(for: training)
    optimizer = configuration.makeOptimizer()
    schedule = configuration.makeSchedule()
    average = configuration.averageDecay.map { [model] in
      WeightAverage(decay: $0, parameters: model.parameters)
    }
  }

  /// Begins from the weights of a file instead of the initial values.
  ///
  /// - Returns: what became of the file's tensors.
  /// - Throws: `CheckpointError` when it is a file of another network.
  /// - Precondition: no step was taken.
  public func initialize(
    from file: TensorFile, path: String
  ) throws(CheckpointError) -> Initialization {
    precondition(state.step == 0, "the run is at step \(state.step)")
    let result = try Initialization(model, from: file, path: path)
    average = configuration.averageDecay.map {
      WeightAverage(decay: $0, parameters: model.parameters)
    }
    return result
  }

  /// How many steps an epoch has.
  public var stepsPerEpoch: Int {
    BatchOrder.steps(
      count: training.count, batchSize: configuration.batchSize,
      dropsLast: configuration.dropLast)
  }

  /// Trains until the end, or until told to stop.
  ///
  /// - Parameters:
  ///   - store: where checkpoints go.
  ///   - log: where the records of epochs go.
  ///   - shouldStop: asked after each step.
  ///   - onEvent: told what happens.
  /// - Returns: why it ended; unless it diverged, the run is saved then.
  public func run(
    store: CheckpointStore, log: JSONLinesLog, shouldStop: () -> Bool,
    onEvent: (TrainingEvent) -> Void
  ) throws -> TrainingOutcome {
    let begin = ContinuousClock.now
    var saver = SaveClock(configuration.saveEvery)
    let prefetcher = BatchPrefetcher(
      training, augmentation: configuration.augmentation, mixing: configuration.mixing)
    // From the first moment on there is something to go on from.
    if state.step == 0 {
      try save(store, isBest: false, onEvent)
    } else {
      let isBest = configuration.select == .last || state.bestEpoch == state.epoch
      try store.adopt(step: state.step, isBest: isBest && state.stepInEpoch == 0)
    }
    while state.epoch < configuration.epochs {
      let order = BatchOrder(count: training.count, seed: configuration.seed, epoch: state.epoch)
      while state.stepInEpoch < stepsPerEpoch {
        try takeStep(order, prefetcher, onEvent)
        let isLast = state.stepInEpoch == stepsPerEpoch
        if shouldStop() { return try end(.interrupted, store, onEvent) }
        if let limit = configuration.maxTime, ContinuousClock.now - begin >= limit {
          return try end(.outOfTime, store, onEvent)
        }
        if saver.isDue(step: state.step), !isLast { try save(store, isBest: false, onEvent) }
      }
      let (record, isBest) = try endEpoch()
      try log.append(record)
      onEvent(.epoch(record, isBest: isBest))
      let isOut = isOutOfPatience
      if isBest || isOut || saver.isDue(epoch: state.epoch)
        || state.epoch == configuration.epochs
      {
        try save(store, isBest: isBest, onEvent)
      }
      if isOut { return .outOfPatience }
    }
    return .finished
  }

  private func takeStep(
    _ order: BatchOrder, _ prefetcher: BatchPrefetcher, _ onEvent: (TrainingEvent) -> Void
  ) throws {
    let start = ContinuousClock.now
    func places(_ step: Int) -> [Int] {
      order.places(ofStep: step, batchSize: configuration.batchSize)
    }
    let batch = prefetcher.batch(
      places(state.stepInEpoch), next: places(state.stepInEpoch + 1),
      key: RandomKey(seed: configuration.seed).derived("augmentation").derived(state.epoch))
    try training.checkReadable()
    let random = RandomKey(seed: configuration.seed).derived("step").derived(state.step)
    let budget = step.adaptiveBudget
    let result = step(batch, model, random: random)
    if result.loss.isFinite, result.gradients.allSatisfy(\.isFinite) {
      var gradients = result.gradients
      if let limit = configuration.clipGrad { GradientClipping(maximumNorm: limit)(&gradients) }
      let rate = Float(schedule.rate(inEpoch: state.epoch))
      optimizer.update(
        model.parameters, gradients: gradients,
        learningRates: learningRateFactors.map { rate * $0 })
      average?.update(model.parameters)
      state.sums.add(result)
      if let interval = configuration.logInterval, (state.step + 1) % interval == 0 {
        onEvent(.logged(StepRecord(result, epoch: state.epoch + 1, step: state.step + 1)))
      }
    } else {
      guard configuration.onNaN == .skip else {
        throw TrainingError.diverged(step: state.step + 1)
      }
      step.adaptiveBudget = budget
      state.sums.skipped += 1
      onEvent(.warning("step \(state.step + 1) left out: its loss or a gradient is not finite"))
    }
    state.step += 1
    state.stepInEpoch += 1
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    state.sums.seconds += seconds
    state.seconds += seconds
    onEvent(
      .step(
        epoch: state.epoch + 1, step: state.stepInEpoch, steps: stepsPerEpoch, sums: state.sums))
  }

  /// Judges the model and closes the books of an epoch.
  private func endEpoch() throws(DatasetError) -> (record: EpochRecord, isBest: Bool) {
    let network = model.convolving(by: configuration.resolvedConvolution)
    let scores = withEvaluatedWeights {
      (
        validation: validation.map { ClassificationScore(of: network, on: $0) },
        test: ClassificationScore(of: network, on: test)
      )
    }
    for dataset in [validation, test] { try dataset?.checkReadable() }
    let record = makeRecord(scores.validation, scores.test)
    let accuracy =
      switch configuration.select {
      case .last: record.validationAccuracy ?? record.testAccuracy
      case .bestValidation: record.validationAccuracy
      case .bestTest: record.testAccuracy
      }
    let isBetter = accuracy.map { $0 > state.bestAccuracy ?? -1 } ?? false
    state.epoch += 1
    state.stepInEpoch = 0
    state.sums = EpochSums()
    if isBetter {
      state.bestAccuracy = accuracy
      state.bestEpoch = state.epoch
    }
    return (record, isBetter || configuration.select == .last)
  }

  private func makeRecord(
    _ validation: ClassificationScore?, _ test: ClassificationScore
  ) -> EpochRecord {
    let sums = state.sums
    let images = Double(max(1, sums.count))
    let sizes = step.adaptiveBudget.map { budget in
      training.indices.map { Double(budget.values[$0]) }.sorted()
    }
    let histogram = step.adaptiveBudget.flatMap { budget in
      sizes.map { sizes in
        let bounds = budget.bounds
        return MaskSizeHistogram(
          sizes, bounds: Double(bounds.lowerBound)...Double(bounds.upperBound))
      }
    }
    return EpochRecord(
      epoch: state.epoch + 1, step: state.step,
      learningRate: schedule.rate(inEpoch: state.epoch), loss: sums.loss / images,
      crossEntropy: sums.crossEntropy / images, divergence: sums.divergence / images,
      trainAccuracy: 100 * Double(sums.correct) / images,
      validationAccuracy: validation?.accuracy, testAccuracy: test.accuracy,
      testLoss: test.loss.isFinite ? test.loss : nil,
      kMin: sizes?.first, kMedian: sizes.map { $0[$0.count / 2] }, kMax: sizes?.last,
      kHistogram: histogram, skippedSteps: sums.skipped,
      imagesPerSecond: Double(sums.timedImages) / max(1e-9, sums.seconds),
      seconds: sums.seconds)
  }

  private var isOutOfPatience: Bool {
    guard let patience = configuration.patience, let best = state.bestEpoch else { return false }
    return state.epoch - best >= patience
  }

  /// Calls a function with the averaged weights in place, if the run averages them.
  private func withEvaluatedWeights<Result>(_ body: () -> Result) -> Result {
    average?.applied(to: model.parameters, body) ?? body()
  }

  private func end(
    _ outcome: TrainingOutcome, _ store: CheckpointStore, _ onEvent: (TrainingEvent) -> Void
  ) throws -> TrainingOutcome {
    try save(store, isBest: false, onEvent)
    return outcome
  }

  private func save(
    _ store: CheckpointStore, isBest: Bool, _ onEvent: (TrainingEvent) -> Void
  ) throws(CheckpointError) {
    let path = try store.save(checkpoint(), step: state.step, isBest: isBest)
    onEvent(.saved(path: path, step: state.step))
  }

  func restore(state: TrainingState) { self.state = state }
}

extension Trainer {
  /// Takes a few steps to see how long they take; the run is unusable afterwards.
  ///
  /// - Parameters:
  ///   - steps: how many.
  ///   - batch: the images of every step; the first batch of the run when left out.
  /// - Returns: the seconds of each step.
  public func rehearse(steps: Int, on batch: LabeledBatch? = nil) -> [Double] {
    let order = BatchOrder(count: training.count, seed: configuration.seed, epoch: 0)
    let batch =
      batch ?? training.batch(order.places(ofStep: 0, batchSize: configuration.batchSize))
    return (0..<steps).map { index in
      let start = ContinuousClock.now
      let result = step(batch, model, random: RandomKey(seed: configuration.seed).derived(index))
      let rate = Float(configuration.resolvedLearningRate)
      optimizer.update(
        model.parameters, gradients: result.gradients,
        learningRates: learningRateFactors.map { rate * $0 })
      OperationProfile.end(of: "optimizer")
      return (ContinuousClock.now - start) / .seconds(1)
    }
  }
}
