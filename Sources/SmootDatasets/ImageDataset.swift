import CSmootKernels
import Crypto
import Foundation
public import SmootTensor

/// Labelled images in memory, as bytes.
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
  let pixels: [UInt8]
  let allLabels: [UInt8]
  /// The images of this data set: their places in the whole file, by which per-image state is kept.
  public let indices: [Int]

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
    normalization: Normalization, pixels: [UInt8], labels: [UInt8]
  ) {
    precondition(
      pixels.count == labels.count * size.channels * size.pixels,
      "\(pixels.count) pixel values are not \(labels.count) images of \(size)")
    self.init(
      name: name, split: split, size: size, classNames: classNames, normalization: normalization,
      pixels: pixels, allLabels: labels, indices: Array(labels.indices))
  }

  private init(
    name: String, split: String, size: ImageSize, classNames: [String],
    normalization: Normalization, pixels: [UInt8], allLabels: [UInt8], indices: [Int]
  ) {
    self.name = name
    self.split = split
    self.size = size
    self.classNames = classNames
    self.normalization = normalization
    self.pixels = pixels
    self.allLabels = allLabels
    self.indices = indices
  }

  /// How many images there are.
  public var count: Int { indices.count }

  /// How many images the whole file has; every index is below it.
  public var indexBound: Int { allLabels.count }

  /// The class of each image.
  public var labels: [Int32] { indices.map { Int32(allLabels[$0]) } }

  /// The first `count` images, or all if there are fewer.
  public func limited(to count: Int) -> ImageDataset {
    selecting(Array(indices.prefix(count)), split: split)
  }

  /// The images at some places of this data set.
  private func selecting(_ indices: [Int], split: String) -> ImageDataset {
    ImageDataset(
      name: name, split: split, size: size, classNames: classNames, normalization: normalization,
      pixels: pixels, allLabels: allLabels, indices: indices)
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
      pixels.withUnsafeBufferPointer { pixels in
        table.withUnsafeBufferPointer { table in
          guard let pixels = pixels.baseAddress, let table = table.baseAddress else { return }
          parallelRanges(chosen.count, grain: 16) { rows in
            for row in rows {
              let image = pixels + chosen[row] * values
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
      images: images, labels: chosen.map { Int32(allLabels[$0]) }, indices: chosen)
  }

  /// The SHA-256 of the pixel values and labels of these images, in hexadecimal digits.
  public var digest: String {
    var hash = SHA256()
    let values = size.channels * size.pixels
    pixels.withUnsafeBytes { bytes in
      for index in indices {
        hash.update(bufferPointer: .init(rebasing: bytes[index * values..<(index + 1) * values]))
      }
    }
    hash.update(data: indices.map { allLabels[$0] })
    return hash.finalize().map { String(format: "%02x", $0) }.joined()
  }
}
