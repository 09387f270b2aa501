public import Foundation

/// Writes files so that after a crash at any moment either the old or the new content is there, whole.
///
/// The content goes to a temporary file in the same folder, which is synced, renamed over the old one, and the folder is synced.
public enum DurableFile {
  /// The beginning of the names of temporary files; what a killed process leaves can be removed.
  public static let temporaryPrefix = ".smoot-tmp-"

  /// Writes a whole file.
  public static func write(_ data: Data, to path: String) throws(CheckpointError) {
    try write(to: path) { (sink) throws(CheckpointError) in try sink.write(data) }
  }

  /// Writes a file piece by piece.
  ///
  /// - Parameters:
  ///   - path: where the file goes; its folder exists.
  ///   - body: hands the pieces to the sink.
  /// - Throws: ``CheckpointError/unwritable(path:reason:)``; nothing is left behind then.
  package static func write(
    to path: String, _ body: (Sink) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    let file = try PendingFile(path)
    try body(file.sink)
    try file.finish()
  }

  /// Makes what happened to the names in a folder durable.
  static func syncFolder(_ folder: String) throws(CheckpointError) {
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unwritable(path: folder, reason: reason()) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .unwritable(path: folder, reason: reason()) }
  }

  /// Where the pieces of a file go.
  package struct Sink {
    let descriptor: Int32
    let path: String

    /// Writes all of the bytes.
    package func write(_ data: Data) throws(CheckpointError) {
      guard data.withUnsafeBytes(writeAll) else {
        throw .unwritable(path: path, reason: reason())
      }
    }

    private func writeAll(_ bytes: UnsafeRawBufferPointer) -> Bool {
      var done = 0
      while done < bytes.count {
        let count = systemWrite(
          descriptor, bytes.baseAddress.map { $0 + done }, min(bytes.count - done, 1 << 24))
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return false }
        if done == 0 { Failpoint.midWrite.pass() }
        done += count
      }
      return true
    }
  }

  static func reason() -> String { String(cString: strerror(errno)) }
}

/// write(2), whose name the sink's method hides.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
