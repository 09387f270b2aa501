import Foundation
import SmootAttribution
import SmootAutodiff
import SmootDatasets
import SmootMasking
import SmootNN
import SmootTensor

extension TrainingConfiguration {
  /// The network with its initial values, and with the parameters that stay as they are taken out.
  ///
  /// - Throws: ``ConfigurationError`` or `ModelError`.
  func makeModel(for dataset: ImageDataset) throws -> any Classifier {
    let model = try ModelRegistry.make(
      resolvedModel, modelOptions, inputSize: dataset.size, classCount: dataset.classNames.count,
      random: RandomKey(seed: seed).derived("initial values"))
    guard let freeze else { return model }
    let patterns = freeze.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    for pattern in patterns where !model.parameters.contains(where: { $0.name.matches(pattern) }) {
      throw ConfigurationError(
        origin: "--freeze",
        message:
          "no parameter of \(resolvedModel) matches \"\(pattern)\"; its layers are \(model.layers.flatMap(\.self).joined(separator: ", "))"
      )
    }
    let frozen = FrozenClassifier(model) { name in patterns.contains { name.matches($0) } }
    guard !frozen.parameters.isEmpty else {
      throw ConfigurationError(
        origin: "--freeze", message: "\"\(freeze)\" leaves nothing to train")
    }
    return frozen
  }

  /// The factor of the learning rate for each parameter: that of its layer, 1 for the last one.
  func learningRateFactors(of model: any Classifier) -> [Float] {
    let last = Float(model.layers.count - 1)
    return model.parameters.map { pow(layerDecay, last - Float(model.layer(of: $0.name))) }
  }

  /// The step of the chosen method, in pieces where that is wanted.
  func makeStep(for dataset: ImageDataset) -> any TrainingStep {
    let step = makeWholeStep(for: dataset)
    return resolvedMicroBatch < batchSize ? PiecewiseStep(step, size: resolvedMicroBatch) : step
  }

  private func makeWholeStep(for dataset: ImageDataset) -> any TrainingStep {
    guard method != .traditional else {
      return TraditionalStep(
        labelSmoothing: labelSmoothing, precision: precision, convolution: resolvedConvolution)
    }
    let elements = dataset.size.pixels * (maskUnit == .value ? dataset.size.channels : 1)
    let budget =
      method == .smoot
      ? AdaptiveBudget(
        rule: budgetRule(classCount: dataset.classNames.count), initial: kInitial,
        elements: elements, count: dataset.indexBound) : nil
    return SaliencyGuidedStep(
      options: stepOptions, maskFraction: maskFraction, adaptiveBudget: budget)
  }

  private func budgetRule(classCount: Int) -> AdaptiveBudget.Rule {
    var rule = AdaptiveBudget.Rule()
    rule.speed = speed
    rule.unit = kUnit
    rule.alpha = resolvedAlpha
    rule.firstClass = top1
    rule.otherClasses = topnOrder
    rule.classes = min(resolvedTopn, classCount)
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
    options.precision = precision
    options.convolution = resolvedConvolution
    return options
  }

  /// The optimizer before its first step.
  func makeOptimizer() -> any Optimizer {
    let weightDecay = resolvedWeightDecay
    return switch resolvedOptimizer {
    case .adadelta: Adadelta(weightDecay: weightDecay)
    case .sgd: SGD(momentum: momentum, nesterov: nesterov, weightDecay: weightDecay)
    case .adamw: AdamW(weightDecay: weightDecay)
    }
  }

  /// The learning rate over the epochs.
  func makeSchedule() -> LearningRateSchedule {
    let shape: LearningRateSchedule.Shape =
      switch resolvedSchedule {
      case .constant: .constant
      case .step: .step(epochs: stepSize, factor: gamma)
      case .cosine: .cosine(minimum: minimumLearningRate)
      }
    return LearningRateSchedule(
      base: resolvedLearningRate, shape: shape, warmupEpochs: resolvedWarmupEpochs, epochs: epochs)
  }
}

extension String {
  /// Whether this is what a pattern with `*` and `?` stands for.
  fileprivate func matches(_ pattern: String) -> Bool { fnmatch(pattern, self, 0) == 0 }
}
