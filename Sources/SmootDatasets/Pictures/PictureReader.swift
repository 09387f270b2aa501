import CSmootKernels
public import SmootTensor

/// Reads picture files as network inputs.
public struct PictureReader: Sendable {
  /// The extents that every picture is brought to; 1 or 3 channels.
  public let size: ImageSize
  /// How pixel values become network inputs.
  public let normalization: Normalization

  /// What became of some files.
  public struct Result {
    /// The pictures that could be read: [pictures, channels, height, width], normalized.
    public let images: Tensor
    /// The place of each of them among the files.
    public let places: [Int]
    /// The files that cannot be used.
    public let bad: [BadPicture]
  }

  /// Makes a reader for the inputs of a network.
  public init(size: ImageSize, normalization: Normalization) {
    precondition(size.channels == 1 || size.channels == 3, "pictures of \(size.channels) channels")
    self.size = size
    self.normalization = normalization
  }

  /// Decodes files on all threads.
  public func read(_ paths: [String]) -> Result {
    let values = size.channels * size.pixels
    let (pixels, bad) = pixels(paths)
    let isBad = Set(bad.map(\.index))
    let places = paths.indices.filter { !isBad.contains($0) }
    let table = normalization.table
    let images = Tensor(
      uninitialized: [places.count, size.channels, size.height, size.width]
    ) { target in
      pixels.withUnsafeBufferPointer { pixels in
        guard let base = pixels.baseAddress else { return }
        for (row, place) in places.enumerated() {
          smoot_bytes_to_f32(
            size.channels, size.pixels, base + place * values, table, target + row * values)
        }
      }
    }
    return Result(images: images, places: places, bad: bad)
  }

  /// The pixel values of files, and the files that cannot be used.
  private func pixels(_ paths: [String]) -> (pixels: [UInt8], bad: [BadPicture]) {
    let values = size.channels * size.pixels
    var pixels = [UInt8](repeating: 0, count: paths.count * values)
    var reasons = [String?](repeating: nil, count: paths.count)
    pixels.withUnsafeMutableBufferPointer { pixels in
      reasons.withUnsafeMutableBufferPointer { reasons in
        guard let start = pixels.baseAddress else { return }
        // Safe to share: each task writes a picture and a reason of its own.
        nonisolated(unsafe) let (base, reasons) = (start, reasons)
        parallelFor(paths.count) { place in
          do throws(PictureFile.Failure) {
            try PictureFile.read(paths[place], size: size, into: base + place * values)
          } catch { reasons[place] = error.reason }
        }
      }
    }
    let bad = paths.indices.compactMap { place in
      reasons[place].map { BadPicture(index: place, path: paths[place], reason: $0) }
    }
    return (pixels, bad)
  }

  /// Some files as a data set without labels: all are of the first class.
  ///
  /// - Parameters:
  ///   - paths: the files.
  ///   - name: the data set's name.
  ///   - classNames: the names of the classes that the model knows.
  /// - Throws: ``DatasetError/badFiles(_:)`` when one cannot be used.
  public func dataset(
    _ paths: [String], name: String, classNames: [String]
  ) throws(DatasetError) -> ImageDataset {
    let (pixels, bad) = pixels(paths)
    guard bad.isEmpty else { throw .badFiles(bad) }
    return ImageDataset(
      name: name, split: "files", size: size, classNames: classNames,
      normalization: normalization, pixels: pixels,
      labels: [Int32](repeating: 0, count: paths.count))
  }

  /// The picture files that some paths name: files as they are, and all pictures below folders, sorted.
  ///
  /// - Throws: ``DatasetError`` for a folder that cannot be listed or has no pictures.
  public static func files(_ paths: [String]) throws(DatasetError) -> [String] {
    var files: [String] = []
    for path in paths {
      guard FolderScanner.isFolder(path) else {
        files.append(path)
        continue
      }
      let folder = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
      var scanner = try FolderScanner(root: folder)
      files += try scanner.pictures(".", below: folder, label: 0).map {
        "\(folder)/\($0.path.dropFirst(2))"
      }
    }
    return files
  }
}
