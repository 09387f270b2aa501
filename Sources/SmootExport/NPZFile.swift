import CArchive
import Foundation
public import SmootCheckpoints

/// Named arrays for NumPy: a zip archive of `.npy` files that are not compressed.
///
/// The same arrays give the same bytes: members come in the order of their names and have no time stamps.
public enum NPZFile {
  /// Writes a file durably.
  ///
  /// - Parameters:
  ///   - entries: arrays of 32-bit floats or 64-bit integers, by their names.
  ///   - path: where the file goes; its folder exists.
  public static func write(
    _ entries: [String: TensorFile.Entry], to path: String
  ) throws(CheckpointError) {
    try DurableFile.write(to: path) { (sink) throws(CheckpointError) in
      let target = Target(sink)
      do throws(CheckpointError) {
        try archive(entries, target, path)
      } catch {
        // What stopped the archive is clearer than what the archive says of it.
        throw target.failure ?? error
      }
    }
  }

  /// AE_IFREG, which is a macro.
  private static let regularFile: UInt32 = 0o100000

  private static func archive(
    _ entries: [String: TensorFile.Entry], _ target: Target, _ path: String
  ) throws(CheckpointError) {
    guard let archive = archive_write_new() else {
      throw .unwritable(path: path, reason: "out of memory")
    }
    defer { archive_write_free(archive) }
    func check(_ isDone: Bool) throws(CheckpointError) {
      guard !isDone else { return }
      let reason = archive_error_string(archive).map { String(cString: $0) }
      throw .unwritable(path: path, reason: reason ?? "the archive cannot be made")
    }
    try check(archive_write_set_format_zip(archive) == ARCHIVE_OK)
    try check(archive_write_zip_set_compression_store(archive) == ARCHIVE_OK)
    // Else the file is filled up to a multiple of a tape's block.
    try check(archive_write_set_bytes_in_last_block(archive, 1) == ARCHIVE_OK)
    let place = Unmanaged.passUnretained(target).toOpaque()
    let isOpen = archive_write_open(
      archive, place, nil,
      { _, place, bytes, count in
        guard let place, let bytes else { return -1 }
        return Unmanaged<Target>.fromOpaque(place).takeUnretainedValue().take(bytes, count)
      }, nil)
    try check(isOpen == ARCHIVE_OK)
    for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
      let content = NPYFile.content(type: type(of: entry), shape: entry.shape, entry.data)
      guard let member = archive_entry_new() else {
        throw .unwritable(path: path, reason: "out of memory")
      }
      defer { archive_entry_free(member) }
      archive_entry_set_pathname_utf8(member, "\(name).npy")
      archive_entry_set_filetype(member, regularFile)
      archive_entry_set_perm(member, 0o644)
      archive_entry_set_size(member, Int64(content.count))
      try check(archive_write_header(archive, member) == ARCHIVE_OK)
      let written = content.withUnsafeBytes {
        archive_write_data(archive, $0.baseAddress, $0.count)
      }
      try check(written == content.count)
    }
    try check(archive_write_close(archive) == ARCHIVE_OK)
  }

  /// NumPy's name of the type of an array's elements.
  private static func type(of entry: TensorFile.Entry) -> String {
    switch entry.type {
    case "F32": "<f4"
    case "I64": "<i8"
    default: preconditionFailure("npz files of smoot hold F32 and I64, not \(entry.type)")
    }
  }

  /// Where libarchive's bytes go.
  private final class Target {
    private let sink: DurableFile.Sink
    private(set) var failure: CheckpointError?

    init(_ sink: DurableFile.Sink) { self.sink = sink }

    /// Takes the next bytes; returns how many were taken, or -1.
    func take(_ bytes: UnsafeRawPointer, _ count: Int) -> Int {
      do throws(CheckpointError) {
        try sink.write(Data(bytes: bytes, count: count))
        return count
      } catch {
        failure = error
        return -1
      }
    }
  }
}
