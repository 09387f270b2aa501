import Crypto
import Foundation
import SmootTensor

/// What tells a file from any other.
package struct FileDigest {
  /// The SHA-256 of its bytes, in hexadecimal digits.
  package let sha256: String
  /// How many bytes it has.
  package let bytes: Int

  /// Reads a file a little at a time.
  package init(of path: String) throws(CheckpointError) {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw .unreadable(path: path, reason: DurableFile.reason())
    }
    defer { try? handle.close() }
    var (hash, bytes) = (SHA256(), 0)
    do {
      while let data = try handle.read(upToCount: 1 << 20), !data.isEmpty {
        hash.update(data: data)
        bytes += data.count
      }
    } catch { throw .unreadable(path: path, reason: "\(error)") }
    self.bytes = bytes
    sha256 = hash.finalize().hexadecimalDigits
  }
}
