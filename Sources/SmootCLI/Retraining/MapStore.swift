import ArgumentParser
import Foundation
import Smoot
import SmootCheckpoints

/// The maps of all images of a data set by one method, made once and kept in files.
///
/// A file holds the maps of some images; a job that was stopped goes on with the next one.
struct MapStore {
  let loaded: LoadedModel
  let method: ChosenMethod
  let target: SaliencyTarget
  let rectification: Rectification
  let seed: UInt64
  let pieceSize: Int
  /// What the method needs besides images.
  let surroundings: Surroundings
  /// The folder of all maps of the job.
  let parent: String

  /// Images in a file.
  static let batchSize = 256

  /// What tells these maps from any other: weights, images, method and its options.
  func key(_ dataset: ImageDataset) -> String {
    JobKey.digest { key in
      key.add(loaded)
      key.add(dataset.digest)
      key.add(method.name)
      key.add(method.resolved)
      key.add("\(method.score.rawValue) \(target.rawValue) \(rectification.rawValue) \(seed)")
      surroundings.add(method.method.needs, to: &key)
    }
  }

  /// Explains one image, so that a method without a meaning for the network stops the job before it begins.
  func check(_ dataset: ImageDataset) throws {
    _ = try maps(dataset.batch([0]))
    try dataset.checkReadable()
  }

  /// Makes the maps that are not there yet.
  ///
  /// - Parameters:
  ///   - dataset: the images.
  ///   - line: shows how far it is.
  /// - Returns: where the maps are.
  func make(_ dataset: ImageDataset, _ line: inout ProgressLine) throws -> Files {
    let folder = "\(parent)/\(method.name)-\(dataset.split)-\(key(dataset))"
    try Folder.make(folder)
    let files = Files(folder: folder, size: loaded.model.inputSize)
    for start in stride(from: 0, to: dataset.count, by: Self.batchSize) {
      guard !FileManager.default.fileExists(atPath: files.path(start)) else { continue }
      let batch = dataset.batch(Array(start..<min(dataset.count, start + Self.batchSize)))
      try dataset.checkReadable()
      try NPYFile.write(maps(batch), to: files.path(start))
      line.show(
        "maps \(method.name) \(dataset.split)", done: start + batch.labels.count,
        total: dataset.count, [])
      try StopSignal.check { line.clear() }
    }
    return files
  }

  private func maps(_ batch: LabeledBatch) throws -> Tensor {
    var targets = batch.labels
    if target == .prediction {
      targets = loaded.model.logits(Variable(batch.images), .evaluation()).value.argmaxOfRows
        .map { Int32($0) }
    }
    let maps = try method.maps(
      of: batch.images, targets: targets, indices: batch.indices, model: loaded.model,
      surroundings.context(seed: seed, pieceSize: pieceSize))
    return method.ready(maps.values, for: loaded.model.inputSize, rectification)
  }

  /// The files of maps that are made.
  struct Files {
    let folder: String
    let size: ImageSize

    func path(_ start: Int) -> String { String(format: "\(folder)/%08d.npy", start) }

    /// The maps [count, channels or 1, height, width] of the images from a place on.
    func maps(from start: Int, count: Int) throws(CommandError) -> Tensor {
      let array = try NPYArray(path(start))
      guard array.shape.count == 4, array.shape[0] == count, array.shape[2] == size.height,
        array.shape[3] == size.width
      else {
        throw CommandError(
          "\(path(start)): expected \(count) maps of \(size.height) x \(size.width) pixels, found \(array.shape); remove the file, and it is made again",
          exitCode: 65)
      }
      return Tensor(try array.values(0..<count), shape: Shape(array.shape))
    }
  }
}
