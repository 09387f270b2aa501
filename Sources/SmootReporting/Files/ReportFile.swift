public import Foundation
import SmootTensor

/// Writes whole files so that a reader, or a machine that lost power, sees the old contents or the
/// new, never a part.
public enum ReportFile {
  /// Replaces the file at `path`: a temporary neighbour is written and synchronised, then renamed,
  /// then the folder synchronised.
  ///
  /// - Throws: ``ReportingError`` of kind `disk`; the temporary file is removed and the old file
  ///   left alone.
  public static func write(_ data: Data, to path: String) throws {
    let folder = path.parentFolder
    let parent = folder.isEmpty ? "." : folder
    let name = (path as NSString).lastPathComponent
    let tag = String(UInt32.random(in: 0...UInt32.max), radix: 16)
    let temporary = (parent as NSString).appendingPathComponent(".\(getpid())-\(tag).tmp")
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard !name.isEmpty, descriptor >= 0 else { throw failure("create", path) }
    do {
      defer { close(descriptor) }
      try writeAll(data, to: descriptor, path: path)
      guard fsync(descriptor) == 0 else { throw failure("write", path) }
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, path) == 0 else {
      let error = failure("replace", path)
      unlink(temporary)
      throw error
    }
    try synchronizeFolder(parent, path: path)
  }

  /// Replaces the file at `path` by a text in UTF-8.
  public static func write(_ text: String, to path: String) throws {
    try write(Data(text.utf8), to: path)
  }

  private static func writeAll(_ data: Data, to descriptor: Int32, path: String) throws {
    try data.withUnsafeBytes { bytes in
      var written = 0
      while written < bytes.count {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
        let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
        if count > 0 {
          written += count
        } else if count == 0 || errno != EINTR {
          throw failure("write", path)
        }
      }
    }
  }

  /// Makes the renaming itself durable; file systems that cannot synchronise a folder say so with
  /// EINVAL.
  private static func synchronizeFolder(_ folder: String, path: String) throws {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("synchronise the folder of", path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 || errno == EINVAL else {
      throw failure("synchronise the folder of", path)
    }
  }

  private static func failure(_ action: String, _ path: String) -> ReportingError {
    let reason = String(cString: strerror(errno))
    return ReportingError(.disk, "\(path): cannot \(action) this file: \(reason)")
  }
}
