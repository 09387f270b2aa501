import SmootDatasets
import SmootMasking
import SmootNN

extension TrainingConfiguration {
  /// Checks what no single setting shows.
  ///
  /// - Throws: ``ConfigurationError`` or `DatasetError`.
  public func validate() throws {
    func refuse(_ origin: String, _ message: String) throws(ConfigurationError) -> Never {
      throw ConfigurationError(origin: origin, message: message)
    }
    let known = try KnownDataset.named(dataset)
    try ModelRegistry.check(resolvedModel, modelOptions, inputSize: known.size)
    if kMin > kMax { try refuse("--k-min", "\(kMin) is above --k-max, which is \(kMax)") }
    if !(kMin...kMax).contains(kInitial) {
      try refuse("--k-initial", "\(kInitial) is not between --k-min \(kMin) and --k-max \(kMax)")
    }
    if topn > known.classNames.count {
      try refuse(
        "--topn", "\(topn) is more than the \(known.classNames.count) classes of \(dataset)")
    }
    if family.normalizesOverBatch && resolvedMicroBatch < batchSize {
      try refuse(
        "--micro-batch",
        "\(resolvedModel) needs the whole batch at a time, for its normalization")
    }
    if resizedCrop != nil, let cropPadding, cropPadding > 0 {
      try refuse("--crop-padding", "an image is cropped once: leave out this or --resized-crop")
    }
    if fillRange == .batch && resolvedMicroBatch < batchSize {
      try refuse("--micro-batch", "--fill-range batch needs the whole batch at a time")
    }
    if select == .bestValidation && validation == 0 {
      try refuse("--select", "best-val needs --validation N, the number of images to hold out")
    }
    let images = min(limitTrain ?? .max, known.counts.training)
    if validation >= images {
      try refuse("--validation", "\(validation) leaves none of \(images) images to train on")
    }
    if dropLast && batchSize > images - validation {
      try refuse("--drop-last", "a batch of \(batchSize) is more than there are images")
    }
    if resolvedWarmupEpochs > epochs {
      try refuse(
        "--warmup-epochs", "\(resolvedWarmupEpochs) is more than --epochs, which is \(epochs)")
    }
  }
}
