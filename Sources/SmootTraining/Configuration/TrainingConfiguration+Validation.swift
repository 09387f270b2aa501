import SmootDatasets
import SmootMasking
import SmootNN

extension TrainingConfiguration {
  /// Checks what no single setting shows; of a folder of pictures, what can be said without looking into it.
  ///
  /// - Throws: ``ConfigurationError`` or `DatasetError`.
  public func validate() throws {
    guard ModelRegistry.names.contains(model) else {
      try refuse(
        "--model",
        "there is no model \"\(model)\"; known are \(ModelRegistry.names.joined(separator: ", "))")
    }
    if kMin > kMax { try refuse("--k-min", "\(kMin) is above --k-max, which is \(kMax)") }
    if !(kMin...kMax).contains(kInitial) {
      try refuse("--k-initial", "\(kInitial) is not between --k-min \(kMin) and --k-max \(kMax)")
    }
    if model.hasPrefix("resnet") && resolvedMicroBatch < batchSize {
      try refuse("--micro-batch", "\(model) needs the whole batch at a time, for its normalization")
    }
    if fillRange == .batch && resolvedMicroBatch < batchSize {
      try refuse("--micro-batch", "--fill-range batch needs the whole batch at a time")
    }
    if select == .bestValidation && validation == 0 {
      try refuse("--select", "best-val needs --validation N, the number of images to hold out")
    }
    if warmupEpochs > epochs {
      try refuse("--warmup-epochs", "\(warmupEpochs) is more than --epochs, which is \(epochs)")
    }
    if isImageFolder {
      guard ModelRegistry.accepts(model, pictureSize) else {
        try refuse("--image-size", "\(model) cannot take images of \(pictureSize)")
      }
    } else {
      let known = try KnownDataset.named(dataset)
      if imageSize != nil { try refuse("--image-size", "\(dataset) is no folder of pictures") }
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
    // The default suits ten classes or more; where it has no effect it must not be in the way.
    if topn > classCount && (method == .smoot || !isImageFolder) {
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
