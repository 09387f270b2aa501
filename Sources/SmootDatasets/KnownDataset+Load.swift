import Foundation
import SmootTensor

extension KnownDataset {
  /// A part of a known data set.
  public enum Split: String, Sendable, CaseIterable {
    /// The images to learn from.
    case train
    /// The images to be judged by.
    case test
  }

  /// Reads a part of the data set.
  ///
  /// - Parameters:
  ///   - split: which part.
  ///   - locator: where the files may be.
  /// - Throws: ``DatasetError`` when files are missing or damaged.
  public func load(_ split: Split, from locator: DataLocator) throws(DatasetError) -> ImageDataset {
    let contents =
      switch layout {
      case .idx: try loadIDX(split, locator)
      case .records: try loadRecords(split, locator)
      }
    return ImageDataset(
      name: name, split: split.rawValue, size: size, classNames: classNames,
      normalization: normalization, pixels: contents.pixels, labels: contents.labels)
  }

  private typealias Contents = (pixels: [UInt8], labels: [UInt8])

  private func count(_ split: Split) -> Int { split == .train ? counts.training : counts.test }

  private func loadIDX(_ split: Split, _ locator: DataLocator) throws(DatasetError) -> Contents {
    let prefix = split == .train ? "train" : "t10k"
    let names = ["\(prefix)-images-idx3-ubyte", "\(prefix)-labels-idx1-ubyte"]
    let folder = try locator.folder(of: self, holding: [names[0] + ".gz", names[0]])
    func path(_ name: String) throws(DatasetError) -> String {
      for candidate in ["\(folder)/\(name).gz", "\(folder)/\(name)"]
      where FileManager.default.fileExists(atPath: candidate) {
        return candidate
      }
      throw .missing(
        name: self.name, lookedIn: [folder], advice: "the file \(name).gz is not there")
    }
    // Subsets in the same format are welcome; larger files are not what they say they are.
    let limit = count(split)
    let images = try IDXFile.read(path(names[0]), rank: 3, limit: limit * size.pixels)
    guard images.dimensions[0] > 0, Array(images.dimensions[1...]) == [size.height, size.width]
    else {
      throw .badFile(
        path: try path(names[0]), place: "bytes 4 to 15",
        expected: "images of \(size.height) x \(size.width)", found: "extents \(images.dimensions)")
    }
    let labels = try IDXFile.read(path(names[1]), rank: 1, limit: limit)
    guard labels.dimensions[0] == images.dimensions[0] else {
      throw .badFile(
        path: try path(names[1]), place: "bytes 4 to 7",
        expected: "\(images.dimensions[0]) labels, one for each image",
        found: "\(labels.dimensions[0])")
    }
    try checkLabels(labels.bytes, path(names[1]), offset: 8, step: 1)
    return (Array(images.bytes), Array(labels.bytes))
  }

  private func loadRecords(
    _ split: Split, _ locator: DataLocator
  ) throws(DatasetError) -> Contents {
    guard case .records(_, let labelBytes, let label, let training, let test) = layout else {
      return ([], [])
    }
    let names = split == .train ? training : test
    let archive = files[0].name
    let folder = try locator.folder(of: self, holding: [names[0], archive])
    let record = labelBytes + size.channels * size.pixels
    let perFile = count(split) / names.count
    var contents: [(path: String, bytes: [UInt8])] = []
    if FileManager.default.fileExists(atPath: "\(folder)/\(names[0])") {
      for name in names {
        let path = "\(folder)/\(name)"
        contents.append((path, try ByteSource.content(of: path, limit: perFile * record)))
      }
    } else {
      let path = "\(folder)/\(archive)"
      let members = try ArchiveReader.members(names, of: path, bytes: perFile * record)
      contents = names.map { ("\(path): \($0)", members[$0] ?? []) }
    }

    var (pixels, labels): ([UInt8], [UInt8]) = ([], [])
    pixels.reserveCapacity(count(split) * size.channels * size.pixels)
    for (path, bytes) in contents {
      guard !bytes.isEmpty, bytes.count % record == 0 else {
        throw .badFile(
          path: path, place: "byte \(bytes.count)", expected: "whole records of \(record) bytes",
          found: "\(bytes.count % record) bytes more")
      }
      let found = stride(from: label, to: bytes.count, by: record).map { bytes[$0] }
      try checkLabels(found[...], path, offset: label, step: record)
      labels += found
      for start in stride(from: 0, to: bytes.count, by: record) {
        pixels += bytes[start + labelBytes..<start + record]
      }
    }
    return (pixels, labels)
  }

  private func checkLabels(
    _ labels: ArraySlice<UInt8>, _ path: String, offset: Int, step: Int
  ) throws(DatasetError) {
    for (index, label) in labels.enumerated() where Int(label) >= classNames.count {
      throw .badFile(
        path: path, place: "byte \(offset + index * step)",
        expected: "a label below \(classNames.count)", found: "\(label)")
    }
  }
}
