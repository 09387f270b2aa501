import CZlib
import Foundation

/// Reads whole files, inflating those that end in `.gz`, without ever holding more than the data set is known to have.
enum ByteSource {
  /// The content of a file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - limit: the most bytes that the content may have.
  /// - Throws: ``DatasetError`` when it is not a readable regular file, is damaged, or holds more.
  static func content(of path: String, limit: Int) throws(DatasetError) -> [UInt8] {
    var information = stat()
    guard stat(path, &information) == 0 else {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    guard information.st_mode & S_IFMT == S_IFREG else {
      throw .badFile(
        path: path, place: "the path", expected: "a regular file", found: "something else")
    }
    // gzopen reads plain files as they are, too.
    guard let file = gzopen(path, "rb") else {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    defer { gzclose(file) }
    gzbuffer(file, 1 << 17)
    var content: [UInt8] = []
    let step = 1 << 20
    while true {
      let start = content.count
      content.append(contentsOf: repeatElement(0, count: step))
      let read = content.withUnsafeMutableBytes { bytes in
        Int(gzread(file, bytes.baseAddress.map { $0 + start }, UInt32(step)))
      }
      if read < 0 {
        throw .badFile(
          path: path, place: "after \(start) bytes", expected: "sound gzip data",
          found: zlibMessage(file))
      }
      content.removeLast(step - read)
      if content.count > limit {
        throw .badFile(
          path: path, place: "the content", expected: "at most \(limit) bytes", found: "more")
      }
      if read < step { break }
    }
    var status: Int32 = 0
    _ = gzerror(file, &status)
    if status == Z_BUF_ERROR || gzeof(file) == 0 {
      throw .badFile(
        path: path, place: "after \(content.count) bytes", expected: "more gzip data",
        found: "the end of the file")
    }
    return content
  }

  private static func zlibMessage(_ file: gzFile) -> String {
    var status: Int32 = 0
    guard let text = gzerror(file, &status) else { return "damage" }
    return String(cString: text)
  }
}
