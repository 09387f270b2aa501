import Foundation
import Smoot

/// The images that a run learns from and those that it is judged by.
struct DatasetPair {
  let training: ImageDataset
  let test: ImageDataset
  /// The pictures of a folder that are left out.
  let bad: BadPictureList

  /// Reads both parts of the configured data set.
  ///
  /// - Parameters:
  ///   - configuration: what names the data set.
  ///   - common: how progress is shown.
  ///   - known: the pictures that a run began without, and still goes on without.
  init(
    _ configuration: TrainingConfiguration, _ common: CommonFlags,
    leavingOut known: BadPictureList? = nil
  ) throws {
    guard configuration.isImageFolder else {
      let dataset = try KnownDataset.named(configuration.dataset)
      let locator = DataLocator(path: configuration.data)
      training = try dataset.load(.train, from: locator)
      test = try dataset.load(.test, from: locator)
      bad = BadPictureList()
      return
    }
    let pictures = try FolderPictures(
      path: configuration.data ?? configuration.dataset, settings: configuration,
      size: configuration.pictureSize, common: common)
    let folder = pictures.folder
    try configuration.validate(
      classCount: folder.classNames.count, imageCount: folder.training.entries.count)
    let (first, second) = (
      try pictures.load(.train, leavingOut: known), try pictures.load(.test, leavingOut: known)
    )
    // What is bad is left out of what there is to hold out and to fill batches from.
    try configuration.validate(
      classCount: folder.classNames.count, imageCount: first.dataset.count)
    (training, test) = (first.dataset, second.dataset)
    bad = known ?? BadPictureList(training: first.bad, test: second.bad)
  }

  /// Both parts as they are.
  private init(training: ImageDataset, test: ImageDataset, bad: BadPictureList) {
    self.training = training
    self.test = test
    self.bad = bad
  }

  /// As many images of both parts as a run uses.
  func limited(by configuration: TrainingConfiguration) -> DatasetPair {
    DatasetPair(
      training: configuration.limitTrain.map(training.limited(to:)) ?? training,
      test: configuration.limitTest.map(test.limited(to:)) ?? test, bad: bad)
  }
}
