import Foundation
import Smoot
import SmootCheckpoints
import SmootReporting

/// Maps that wait on disk until the limit of all of them is known.
///
/// Their file has no name, so that nothing of it is left when the process ends.
final class MapSpool {
  private let handle: FileHandle
  private let folder: String
  /// Models, methods and pixels.
  private let extents: (models: Int, methods: Int, pixels: Int)
  /// How many images each piece has.
  private var pieces: [Int] = []
  /// One for each method.
  private var counts: [MagnitudeCounts]
  /// The smallest and the largest number of each method.
  private var extremes: [ClosedRange<Float>?]

  /// Begins an empty file.
  ///
  /// - Parameters:
  ///   - folder: where its bytes go.
  ///   - extents: of each image.
  ///   - renderer: whose limits are wanted.
  init(
    in folder: String, _ extents: (models: Int, methods: Int, pixels: Int),
    _ renderer: HeatmapRenderer
  ) throws(CommandError) {
    let path = "\(folder)/\(DurableFile.temporaryPrefix)\(getpid())-maps"
    unlink(path)
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw CommandError(
        "\(path): cannot be written: \(String(cString: strerror(errno)))", exitCode: 74)
    }
    unlink(path)
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    (self.folder, self.extents) = (folder, extents)
    counts = Array(
      repeating: MagnitudeCounts(sign: renderer.sign, percentile: renderer.percentile),
      count: extents.methods)
    extremes = Array(repeating: nil, count: extents.methods)
  }

  /// Adds the maps [model][method][image][pixel] of some images.
  func append(_ maps: [[[[Float]]]]) throws(CommandError) {
    pieces.append(maps.first?.first?.count ?? 0)
    for methods in maps {
      for (method, images) in methods.enumerated() {
        for values in images {
          counts[method].add(values)
          extremes[method] = DrawnRange.extremes(of: values, and: extremes[method])
          let data = values.withUnsafeBufferPointer { Data(buffer: $0) }
          try onDisk { try handle.write(contentsOf: data) }
        }
      }
    }
  }

  /// The maps [model][method][image][pixel] of a piece.
  func maps(_ piece: Int) throws(CommandError) -> [[[[Float]]]] {
    let bytes = extents.pixels * MemoryLayout<Float>.stride
    let before = pieces[..<piece].reduce(0, +) * extents.models * extents.methods
    try onDisk { try handle.seek(toOffset: UInt64(before * bytes)) }
    return try (0..<extents.models).map { (_) throws(CommandError) in
      try (0..<extents.methods).map { (_) throws(CommandError) in
        try (0..<pieces[piece]).map { (_) throws(CommandError) in
          let data = try onDisk { try handle.read(upToCount: bytes) } ?? Data()
          guard data.count == bytes else {
            throw CommandError("\(folder): maps cannot be read back from disk", exitCode: 74)
          }
          return [Float](unsafeUninitializedCapacity: extents.pixels) { target, count in
            count = data.copyBytes(to: target) / MemoryLayout<Float>.stride
          }
        }
      }
    }
  }

  /// The limits of all maps of all models for each method.
  ///
  /// - Parameter ranges: the range of each method.
  func limits(_ ranges: [DrawnRange]) throws(CommandError) -> [ClosedRange<Float>] {
    try counts.indices.map { (method) throws(CommandError) in
      guard ranges[method] == .percentile else { return extremes[method] ?? 0...0 }
      do {
        let limit = try counts[method].limit { add in
          for piece in pieces.indices {
            for methods in try maps(piece) { for values in methods[method] { add(values) } }
          }
        }
        return 0...Float(limit)
      } catch let error as CommandError {
        throw error
      } catch {
        throw CommandError("\(folder): \(error)", exitCode: 74)
      }
    }
  }

  private func onDisk<Result>(_ body: () throws -> Result) throws(CommandError) -> Result {
    do {
      return try body()
    } catch {
      throw CommandError(
        "\(folder): maps cannot be kept on disk: \(error.localizedDescription)", exitCode: 74)
    }
  }
}
