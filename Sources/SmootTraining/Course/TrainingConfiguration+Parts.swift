import SmootAttribution
import SmootDatasets
import SmootMasking
import SmootNN
import SmootTensor

extension TrainingConfiguration {
  /// The network with its initial values.
  func makeModel(for dataset: ImageDataset) -> any Classifier {
    let random = RandomKey(seed: seed).derived("initial values")
    let made = ModelRegistry.make(
      model, inputSize: dataset.size, classCount: dataset.classNames.count, random: random)
    guard let made else {
      preconditionFailure("there is no model \"\(model)\"; validate() would have said so")
    }
    return made
  }

  /// The step of the chosen method, in pieces where that is wanted.
  func makeStep(for dataset: ImageDataset) -> any TrainingStep {
    let step = makeWholeStep(for: dataset)
    return resolvedMicroBatch < batchSize ? PiecewiseStep(step, size: resolvedMicroBatch) : step
  }

  private func makeWholeStep(for dataset: ImageDataset) -> any TrainingStep {
    guard method != .traditional else { return TraditionalStep(labelSmoothing: labelSmoothing) }
    let elements = dataset.size.pixels * (maskUnit == .value ? dataset.size.channels : 1)
    let budget =
      method == .smoot
      ? AdaptiveBudget(
        rule: budgetRule, initial: kInitial, elements: elements, count: dataset.indexBound) : nil
    return SaliencyGuidedStep(
      options: stepOptions, maskFraction: maskFraction, adaptiveBudget: budget)
  }

  private var budgetRule: AdaptiveBudget.Rule {
    var rule = AdaptiveBudget.Rule()
    rule.speed = speed
    rule.unit = kUnit
    rule.alpha = resolvedAlpha
    rule.firstClass = top1
    rule.otherClasses = topnOrder
    rule.classes = topn
    rule.lowest = kMin
    rule.highest = kMax
    return rule
  }

  private var stepOptions: SaliencyGuidedStep.Options {
    var options = SaliencyGuidedStep.Options()
    options.saliency = InputGradient(score: score, target: target)
    options.saliencyMode = gradMode == .eval ? .evaluation : .training
    options.reduction = reduce
    options.ranking = rank
    options.unit = maskUnit
    options.fill = MaskFill(kind: fill, range: fillRange, constant: fillConstant)
    options.divergenceWeight = divergenceWeight
    options.divergence = divergence
    options.detached = detached
    options.budgetMode = deltaMode == .eval ? .evaluation : .training
    options.concatenates = concatenates
    options.labelSmoothing = labelSmoothing
    return options
  }

  /// The optimizer before its first step.
  func makeOptimizer() -> any Optimizer {
    switch optimizer {
    case .adadelta: Adadelta(weightDecay: weightDecay)
    case .sgd: SGD(momentum: momentum, nesterov: nesterov, weightDecay: weightDecay)
    case .adamw: AdamW(weightDecay: weightDecay)
    }
  }

  /// The learning rate over the epochs.
  func makeSchedule() -> LearningRateSchedule {
    let shape: LearningRateSchedule.Shape =
      switch schedule {
      case .constant: .constant
      case .step: .step(epochs: stepSize, factor: gamma)
      case .cosine: .cosine(minimum: minimumLearningRate)
      }
    return LearningRateSchedule(
      base: resolvedLearningRate, shape: shape, warmupEpochs: warmupEpochs, epochs: epochs)
  }
}
