import CSmootKernels
import Crypto
import Foundation
public import SmootTensor

/// Labelled images as bytes: in memory, in a file of decoded pictures, or in picture files.
public struct ImageDataset: Sendable {
  /// The data set's name, such as `mnist`.
  public let name: String
  /// Which part it is: `train`, `validation` or `test`.
  public let split: String
  /// The extents of every image.
  public let size: ImageSize
  /// The classes' names, in the order of the labels.
  public let classNames: [String]
  /// How pixel values become network inputs.
  public let normalization: Normalization
  /// Pixel values [image, channels, height, width] of the whole file, also of images that are not part of this split.
  private let storage: PixelStorage
  private let allLabels: [Int32]
  /// The images of this data set: their places in the whole file, by which per-image state is kept.
  public let indices: [Int]
  /// The digest of all images, where the pass over them that found the bad ones has made it.
  private let digestOfAll: String?

  /// Makes a data set of all images in memory.
  ///
  /// - Parameters:
  ///   - name: the data set's name.
  ///   - split: which part it is.
  ///   - size: the extents of every image.
  ///   - classNames: the classes' names.
  ///   - normalization: how pixel values become network inputs.
  ///   - pixels: [image, channels, height, width].
  ///   - labels: the class of each image.
  public init(
    name: String, split: String, size: ImageSize, classNames: [String],
    normalization: Normalization, pixels: [UInt8], labels: [some FixedWidthInteger]
  ) {
    precondition(
      pixels.count == labels.count * size.channels * size.pixels,
      "\(pixels.count) pixel values are not \(labels.count) images of \(size)")
    self.init(
      name: name, split: split, size: size, classNames: classNames, normalization: normalization,
      storage: .memory(pixels), labels: labels.map { Int32($0) }, indices: Array(labels.indices))
  }

  /// Makes a data set of some of the images in a storage.
  init(
    name: String, split: String, size: ImageSize, classNames: [String],
    normalization: Normalization, storage: PixelStorage, labels: [Int32], indices: [Int],
    digestOfAll: String? = nil
  ) {
    self.name = name
    self.split = split
    self.size = size
    self.classNames = classNames
    self.normalization = normalization
    self.storage = storage
    allLabels = labels
    self.indices = indices
    self.digestOfAll = digestOfAll
  }

  /// How many images there are.
  public var count: Int { indices.count }

  /// How many images the whole file has; every index is below it.
  public var indexBound: Int { allLabels.count }

  /// The class of each image.
  public var labels: [Int32] { indices.map { allLabels[$0] } }

  /// The first `count` images, or all if there are fewer.
  public func limited(to count: Int) -> ImageDataset {
    selecting(Array(indices.prefix(count)), split: split)
  }

  /// The same images with other labels, one for each image of the whole file.
  public func labeled(_ labels: [Int32]) -> ImageDataset {
    precondition(labels.count == indexBound, "\(labels.count) labels for \(indexBound) images")
    return ImageDataset(
      name: name, split: split, size: size, classNames: classNames, normalization: normalization,
      storage: storage, labels: labels, indices: indices)
  }

  /// The same images with one another's labels, drawn at random: what a network can learn by heart only.
  ///
  /// - Parameter seed: decides which image gets whose label.
  public func permutingLabels(seed: UInt64) -> ImageDataset {
    let order = BatchOrder.shuffled(count, RandomKey(seed: seed).derived("labels"))
    var labels = allLabels
    for (place, other) in zip(indices, order) { labels[place] = allLabels[indices[other]] }
    return labeled(labels)
  }

  /// The images at some places of this data set.
  private func selecting(_ indices: [Int], split: String) -> ImageDataset {
    ImageDataset(
      name: name, split: split, size: size, classNames: classNames, normalization: normalization,
      storage: storage, labels: allLabels, indices: indices,
      digestOfAll: indices == self.indices ? digestOfAll : nil)
  }

  /// A part for validation, drawn at random, and the rest for training; both in the order of the file.
  ///
  /// - Parameters:
  ///   - count: how many images to hold out.
  ///   - seed: decides which.
  public func holdingOut(_ count: Int, seed: UInt64) -> (
    training: ImageDataset, validation: ImageDataset
  ) {
    let order = BatchOrder(count: self.count, seed: seed, epoch: -1).order
    let held = Set(order.prefix(count).map { indices[$0] })
    return (
      selecting(indices.filter { !held.contains($0) }, split: split),
      selecting(indices.filter { held.contains($0) }, split: "validation")
    )
  }

  /// Some images, normalized, with their labels and their places in the file.
  ///
  /// - Parameters:
  ///   - places: places in this data set, each below ``count``.
  ///   - augmentation: changes the images at random.
  ///   - key: decides the changes; that of an epoch.
  public func batch(
    _ places: [Int], augmentation: Augmentation = Augmentation(), key: RandomKey? = nil
  ) -> LabeledBatch {
    let values = size.channels * size.pixels
    let table = normalization.table
    let chosen = places.map { indices[$0] }
    let images = Tensor(
      uninitialized: [places.count, size.channels, size.height, size.width]
    ) { target in
      storage.withImages(values: values) { pixels in
        table.withUnsafeBufferPointer { table in
          guard let table = table.baseAddress else { return }
          parallelRanges(chosen.count, grain: storage.grain) { rows in
            let scratch = UnsafeMutablePointer<UInt8>.allocate(capacity: pixels.scratchCount)
            defer { scratch.deallocate() }
            for row in rows {
              let image = pixels.image(chosen[row], scratch: scratch)
              let target = target + row * values
              guard let key, !augmentation.isIdentity else {
                smoot_bytes_to_f32(size.channels, size.pixels, image, table, target)
                continue
              }
              let imageKey = key.derived(chosen[row])
              let changed = augmentation.changed(image, size, key: imageKey)
              smoot_bytes_to_f32(size.channels, size.pixels, changed.pixels, table, target)
              augmentation.erase(target, size, key: imageKey)
            }
          }
        }
      }
    }
    return LabeledBatch(
      images: images, labels: chosen.map { allLabels[$0] }, indices: chosen)
  }

  /// Checks that all images that were asked for could be read.
  ///
  /// Images in memory always can; files may have changed or gone since they were checked. What could not be read was black in its batch.
  ///
  /// - Throws: ``DatasetError``, the first that was met.
  public func checkReadable() throws(DatasetError) {
    if let failure = storage.failure { throw failure }
  }

  /// The SHA-256 of the pixel values and labels of these images, in hexadecimal digits.
  public var digest: String {
    if let digestOfAll { return digestOfAll }
    var hash = SHA256()
    let values = size.channels * size.pixels
    storage.withImages(values: values) { pixels in
      let scratch = UnsafeMutablePointer<UInt8>.allocate(capacity: pixels.scratchCount)
      defer { scratch.deallocate() }
      for index in indices {
        let image = pixels.image(index, scratch: scratch)
        hash.update(bufferPointer: UnsafeRawBufferPointer(start: image, count: values))
      }
    }
    return Self.digest(pixels: hash, labels: labels)
  }

  /// The digest of images whose pixel values are hashed already.
  static func digest(pixels: SHA256, labels: [Int32]) -> String {
    var hash = pixels
    // A byte for a label where that is enough.
    if labels.allSatisfy({ (0..<256).contains($0) }) {
      hash.update(data: labels.map { UInt8($0) })
    } else {
      hash.update(
        data: labels.flatMap { label in (0..<4).map { UInt8(truncatingIfNeeded: label >> (8 * $0)) }
        })
    }
    return hash.finalize().hexadecimalDigits
  }
}
