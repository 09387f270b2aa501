import Foundation
import Smoot

/// Maps that any tool made, from a file.
struct MapFile {
  /// The file's name without its ending.
  let name: String
  /// [images, 1 or channels, height, width].
  let maps: Tensor
  /// What the file holds, for the journal.
  let digest: String

  /// Reads the maps of some images.
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
    if let place = array.values.firstIndex(where: { !$0.isFinite }) {
      let image = place / max(1, array.values.count / count)
      throw CommandError(
        "\(path): expected finite numbers, found \(array.values[place]) in map \(image)",
        exitCode: 65)
    }
    name = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
    let channels = array.shape.count == 3 ? 1 : array.shape[1]
    maps = Tensor(array.values, shape: [count, channels, size.height, size.width])
    digest = JobKey.digest { $0.add(array.values) }
  }
}
