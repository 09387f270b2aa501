import SmootDatasets
import SmootMasking
import SmootNN

extension TrainingConfiguration {
  /// Checks what no single setting shows; of a folder of pictures, what can be said without looking into it.
  ///
  /// - Throws: ``ConfigurationError``, `ModelError` or `DatasetError`.
  public func validate() throws {
    let known = try isImageFolder ? nil : KnownDataset.named(dataset)
    if known != nil, imageSize != nil {
      try refuse("--image-size", "\(dataset) is no folder of pictures")
    }
    try ModelRegistry.check(resolvedModel, modelOptions, inputSize: known?.size ?? pictureSize)
    if kMin > kMax { try refuse("--k-min", "\(kMin) is above --k-max, which is \(kMax)") }
    if !(kMin...kMax).contains(kInitial) {
      try refuse("--k-initial", "\(kInitial) is not between --k-min \(kMin) and --k-max \(kMax)")
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
    if resolvedWarmupEpochs > epochs {
      try refuse(
        "--warmup-epochs", "\(resolvedWarmupEpochs) is more than --epochs, which is \(epochs)")
    }
    if let known {
      try validate(classCount: known.classNames.count, imageCount: known.counts.training)
    }
  }

  /// Checks what depends on the data set.
  ///
  /// - Parameters:
  ///   - classCount: how many classes it has.
  ///   - imageCount: how many training images.
  /// - Throws: ``ConfigurationError``.
  public func validate(classCount: Int, imageCount: Int) throws(ConfigurationError) {
    if let topn, topn > classCount {
      try refuse("--topn", "\(topn) is more than the \(classCount) classes of \(dataset)")
    }
    let images = min(limitTrain ?? .max, imageCount)
    if validation >= images {
      try refuse("--validation", "\(validation) leaves none of \(images) images to train on")
    }
    if dropLast && batchSize > images - validation {
      try refuse("--drop-last", "a batch of \(batchSize) is more than there are images")
    }
  }

  private func refuse(
    _ origin: String, _ message: String
  ) throws(ConfigurationError) -> Never {
    throw ConfigurationError(origin: origin, message: message)
  }
}
