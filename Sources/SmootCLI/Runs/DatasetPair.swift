import Smoot

/// The images that a run learns from and those that it is judged by.
struct DatasetPair {
  let training: ImageDataset
  let test: ImageDataset

  /// Reads both parts of the configured data set.
  init(_ configuration: TrainingConfiguration) throws {
    let known = try KnownDataset.named(configuration.dataset)
    let locator = DataLocator(path: configuration.data)
    training = try known.load(.train, from: locator)
    test = try known.load(.test, from: locator)
  }
}
