public import SmootAutodiff
public import SmootDatasets
import SmootMasking
import SmootNN
public import SmootTensor

/// What a configuration leaves open, filled in by what it says about the data and the network.
extension TrainingConfiguration {
  /// The same with nothing left open.
  public var resolved: TrainingConfiguration {
    var resolved = self
    resolved.model = resolvedModel
    if let head = modelOptions.head(of: family) {
      resolved.modelOptions.head = head.kind
      resolved.modelOptions.readout = head.readout
      resolved.modelOptions.maskRatio = head.kind == .linear ? nil : head.maskRatio
    }
    resolved.optimizer = resolvedOptimizer
    resolved.learningRate = resolvedLearningRate
    resolved.weightDecay = resolvedWeightDecay
    resolved.schedule = resolvedSchedule
    resolved.warmupEpochs = resolvedWarmupEpochs
    resolved.convolution = resolvedConvolution
    resolved.alpha = resolvedAlpha
    resolved.topn = resolvedTopn
    resolved.microBatch = resolvedMicroBatch
    resolved.cropPadding = augmentation.cropPadding
    resolved.flip = augmentation.flips
    if isImageFolder { resolved.imageSize = pictureSize.height }
    return resolved
  }

  /// Whether the data set is a folder of pictures.
  public var isImageFolder: Bool { dataset.contains("/") }

  /// The data set's name without the folders above it.
  public var datasetName: String { String(dataset.split(separator: "/").last ?? "pictures") }

  /// The extents of pictures of a folder: colour, and as many rows and columns as given, or 64.
  public var pictureSize: ImageSize {
    ImageSize(channels: 3, height: imageSize ?? 64, width: imageSize ?? 64)
  }

  /// Whether the images are photographs: CIFAR, or people's own pictures.
  private var hasPhotographs: Bool { Self.holdsPhotographs(dataset) }

  /// Whether the images of a data set or folder are photographs rather than drawings in grey.
  static func holdsPhotographs(_ dataset: String) -> Bool {
    (try? KnownDataset.named(dataset))?.size.channels != 1
  }

  /// The network: as given, or the papers' for the data: a vision transformer for photographs, the convolutional network for the others.
  public var resolvedModel: String { model ?? (hasPhotographs ? "vit-tiny" : "cnn") }

  /// The kind of network; unknown networks, which ``validate()`` refuses, count as convolutional.
  var family: ModelFamily { ModelFamily(model: resolvedModel) ?? .convolutional }

  /// What moves the weights: as given, or what is usual for the network.
  public var resolvedOptimizer: OptimizerKind { optimizer ?? family.usualOptimizer }

  /// The learning rate after the warm-up: as given, or the optimizer's usual one.
  public var resolvedLearningRate: Double {
    if let learningRate { return learningRate }
    switch resolvedOptimizer {
    case .adadelta: return 1
    case .sgd: return family == .residual ? 0.1 : 0.01
    case .adamw: return 0.001
    }
  }

  /// The weight decay: as given, or what is usual for the network with its usual optimizer.
  public var resolvedWeightDecay: Float {
    if let weightDecay { return weightDecay }
    switch (family, resolvedOptimizer) {
    case (.transformer, .adamw): return 0.05
    case (.residual, .sgd): return 5e-4
    default: return 0
    }
  }

  /// How the learning rate falls: as given, or half a cosine, but not for the papers' network, which they train at a constant rate.
  public var resolvedSchedule: ScheduleKind {
    schedule ?? (family == .convolutional ? .constant : .cosine)
  }

  /// Epochs over which the learning rate rises first: as given, or up to 5 for a transformer and none for the others.
  public var resolvedWarmupEpochs: Int {
    warmupEpochs ?? (family == .transformer ? min(5, epochs / 4) : 0)
  }

  /// How training images are changed: as given, or what is usual: crops and mirror images of photographs, nothing for the others.
  public var augmentation: Augmentation {
    let usualPadding = hasPhotographs && resizedCrop == nil ? 4 : 0
    var augmentation = Augmentation(
      cropPadding: cropPadding ?? usualPadding, flips: flip ?? hasPhotographs)
    augmentation.resizedCrop = resizedCrop
    augmentation.colorJitter = colorJitter
    augmentation.randAugment = RandAugment(count: randAugment, magnitude: randAugmentMagnitude)
    augmentation.erasing = erasing
    return augmentation
  }

  /// How training images are mixed.
  public var mixing: BatchMixing { BatchMixing(mixup: mixup, cutmix: cutmix) }

  /// Images that a step takes at a time: as given, or 16 for transformers and the whole batch for others.
  public var resolvedMicroBatch: Int {
    let usual = family == .transformer && fillRange != .batch ? 16 : batchSize
    return min(batchSize, microBatch ?? usual)
  }

  /// How convolutions sum their products: as given, or by Winograd's method where it serves.
  public var resolvedConvolution: ConvolutionAlgorithm {
    convolution ?? (family == .transformer ? .direct : .winograd)
  }

  /// Classes that count in the update of k: as given, or 5; where there are fewer classes, all count.
  public var resolvedTopn: Int { topn ?? 5 }

  /// The weight of the first class in the update of k: as given, or the paper's for the data: 0.80 for photographs, 0.95 for the others.
  public var resolvedAlpha: Float { alpha ?? (hasPhotographs ? 0.8 : 0.95) }
}

extension ModelFamily {
  /// The optimizer that such networks are usually trained with.
  fileprivate var usualOptimizer: OptimizerKind {
    switch self {
    case .convolutional: .adadelta
    case .transformer: .adamw
    case .residual: .sgd
    }
  }
}
