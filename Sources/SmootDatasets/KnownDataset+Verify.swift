import Crypto
import Foundation
import SmootTensor

extension KnownDataset {
  /// The folder in which some of the data set's files lie, if there is one.
  public func folder(in locator: DataLocator) -> String? {
    try? locator.folder(of: self, holding: fileNames)
  }

  /// Names under which the data may lie.
  private var fileNames: [String] {
    switch layout {
    case .idx: files.flatMap { [$0.name, String($0.name.dropLast(3))] }
    case .records(_, _, _, let training, let test): files.map(\.name) + training + test
    }
  }

  /// Compares the files that have a published digest with it.
  ///
  /// - Returns: a sentence about what was compared.
  /// - Throws: ``DatasetError`` for a file that differs.
  public func verify(in locator: DataLocator) throws(DatasetError) -> String {
    let folder = try locator.folder(of: self, holding: fileNames)
    var verified = 0
    for file in files {
      let path = "\(folder)/\(file.name)"
      guard FileManager.default.fileExists(atPath: path) else { continue }
      try verify(file, path: path)
      verified += 1
    }
    return verified == files.count
      ? "all \(verified) files in \(folder) have the published digests"
      : "\(verified) of \(files.count) published files are in \(folder); what was unpacked has no published digest"
  }

  /// Compares one file with its digest.
  func verify(_ file: File, path: String) throws(DatasetError) {
    let (expected, found): (String, String)
    switch file.digest {
    case .contentSHA256(let digest):
      let content = try ByteSource.content(of: path, limit: 100_000_000)
      (expected, found) = (digest, SHA256.hash(data: content).hexadecimalDigits)
    case .fileSHA256(let digest):
      guard let handle = FileHandle(forReadingAtPath: path) else {
        throw .unreadable(path: path, reason: String(cString: strerror(errno)))
      }
      defer { try? handle.close() }
      var hash = SHA256()
      while let data = try? handle.read(upToCount: 1 << 20), !data.isEmpty {
        hash.update(data: data)
      }
      (expected, found) = (digest, hash.finalize().hexadecimalDigits)
    }
    guard found == expected else {
      throw .badFile(path: path, place: "the digest", expected: expected, found: found)
    }
  }
}
