import Foundation
import Smoot

/// Maps that any tool made, in a file of which the needed ones are read.
struct MapFile {
  /// The file's name without its ending.
  let name: String
  /// What the file holds, for the journal.
  let digest: String
  private let array: NPYArray
  private let size: ImageSize

  /// Looks at the maps of some images.
  ///
  /// - Parameters:
  ///   - path: a file with an array [images, height, width] or [images, channels or 1, height, width].
  ///   - count: how many images are measured.
  ///   - size: the images' extents.
  init(_ path: String, count: Int, size: ImageSize) throws(CommandError) {
    let array = try NPYArray(path)
    let flat = [count, size.height, size.width]
    let shapes = [flat, [count, 1] + flat.dropFirst(), [count] + size.dimensions]
    guard shapes.contains(array.shape) else {
      let known = shapes[0..<(size.channels == 1 ? 2 : 3)].map { "\($0)" }
      throw CommandError(
        "\(path): expected maps of the shape \(known.joined(separator: " or ")), found \(array.shape); one map for each of the \(count) measured images, in their order",
        exitCode: 65)
    }
    digest = try JobKey.digest { (key: inout JobKey) throws(CommandError) in
      for image in 0..<count {
        let values = try array.values(image..<image + 1)
        if let bad = values.first(where: { !$0.isFinite }) {
          throw CommandError(
            "\(path): expected finite numbers, found \(bad) in map \(image)", exitCode: 65)
        }
        key.add(values)
      }
    }
    name = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
    self.array = array
    self.size = size
  }

  /// The maps of some of the images, [images, 1 or channels, height, width].
  func maps(_ images: Range<Int>) throws(CommandError) -> Tensor {
    let channels = array.shape.count == 3 ? 1 : array.shape[1]
    return Tensor(
      try array.values(images), shape: [images.count, channels, size.height, size.width])
  }
}
