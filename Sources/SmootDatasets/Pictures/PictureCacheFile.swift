import Crypto
import Foundation
import SmootTensor

/// A file of decoded pictures: a header, a byte for each picture that says whether it is bad, the pixel values, and the SHA-256 of all that.
///
/// It is written beside its name and renamed, so that a file of this name is whole; the digest guards against what happens to disks.
final class PictureCacheFile: Sendable {
  /// The places of the pictures that could not be decoded.
  let bad: [Int]
  private let path: String
  private let descriptor: Int32
  private let header: Int
  private let values: Int

  private static let magic = Array("smoot pictures 1".utf8)
  private static let digestBytes = 32
  static let piece = 1 << 20

  /// The path of the file for some pictures at some extents, in `XDG_CACHE_HOME` or `~/.cache`.
  static func path(
    for list: PictureList, size: ImageSize,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(DatasetError) -> String {
    let home = environment["HOME"].map { $0 + "/.cache" }
    guard let cache = environment["XDG_CACHE_HOME"] ?? home else {
      throw .unwritable(
        path: "~/.cache", reason: "neither HOME nor XDG_CACHE_HOME is set", advice: advice)
    }
    var hash = SHA256()
    hash.update(data: Data(magic))
    hash.update(data: Data("\(size)\n\(list.folder)\n".utf8))
    for entry in list.entries {
      hash.update(data: Data("\(entry.path)\0\(entry.bytes)\0\(entry.modified)\n".utf8))
    }
    let key = hash.finalize().prefix(16).hexadecimalDigits
    return "\(cache)/smoot/pictures/\(key).pixels"
  }

  static let advice = "or say --cache none"

  /// Opens a file and reads it whole once, or `nil` when there is none, or none that is sound.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - count: how many pictures it must have.
  ///   - values: how many values each has.
  ///   - body: told each picture's place, whether it is bad, and its values.
  init?(
    path: String, count: Int, values: Int,
    body: (Int, _ isBad: Bool, UnsafeRawBufferPointer) -> Void = { _, _, _ in }
  ) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return nil }
    self.path = path
    self.descriptor = descriptor
    self.values = values
    header = Self.magic.count + 16 + count
    let expected = Self.header(count: count, values: values)
    var information = stat()
    var head = [UInt8](repeating: 0, count: header)
    guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG,
      Int(information.st_size) == header + count * values + Self.digestBytes,
      head.withUnsafeMutableBytes({ Self.read($0, from: descriptor, at: 0) }),
      Array(head.prefix(expected.count)) == expected
    else {
      bad = []
      return nil
    }
    bad = head.dropFirst(expected.count).enumerated().filter { $0.element != 0 }.map(\.offset)
    var hash = SHA256()
    hash.update(data: head)
    let pictures = max(1, Self.piece / values)
    var buffer = [UInt8](repeating: 0, count: pictures * values)
    for start in stride(from: 0, to: count, by: pictures) {
      let here = min(pictures, count - start)
      let isRead = buffer.withUnsafeMutableBytes { bytes in
        let bytes = UnsafeMutableRawBufferPointer(rebasing: bytes[..<(here * values)])
        guard Self.read(bytes, from: descriptor, at: header + start * values) else { return false }
        hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
        for index in 0..<here {
          let range = index * values..<(index + 1) * values
          let isBad = head[expected.count + start + index] != 0
          body(start + index, isBad, UnsafeRawBufferPointer(rebasing: bytes[range]))
        }
        return true
      }
      guard isRead else { return nil }
    }
    var digest = [UInt8](repeating: 0, count: Self.digestBytes)
    guard
      digest.withUnsafeMutableBytes({
        Self.read($0, from: descriptor, at: header + count * values)
      }), digest.elementsEqual(hash.finalize())
    else { return nil }
  }

  deinit { close(descriptor) }

  /// Reads the values of a picture.
  func read(_ index: Int, into target: UnsafeMutablePointer<UInt8>) throws(DatasetError) {
    let bytes = UnsafeMutableRawBufferPointer(start: target, count: values)
    guard Self.read(bytes, from: descriptor, at: header + index * values) else {
      throw .unreadable(path: path, reason: "the file of decoded pictures cannot be read any more")
    }
  }

  static func header(count: Int, values: Int) -> [UInt8] {
    [count, values].reduce(magic) { bytes, number in
      bytes + (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
  }

  private static func read(
    _ bytes: UnsafeMutableRawBufferPointer, from descriptor: Int32, at offset: Int
  ) -> Bool {
    var done = 0
    while done < bytes.count {
      let count = pread(
        descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, offset + done)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      done += count
    }
    return true
  }
}
