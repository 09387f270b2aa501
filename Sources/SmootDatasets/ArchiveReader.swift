import CArchive
import Foundation

/// Reads members of a `.tar.gz` archive without unpacking anything to disk.
enum ArchiveReader {
  /// The contents of some members, told by the last part of their path.
  ///
  /// - Parameters:
  ///   - names: the members wanted.
  ///   - path: the archive.
  ///   - bytes: how many bytes each of them must have.
  static func members(
    _ names: [String], of path: String, bytes: Int
  ) throws(DatasetError) -> [String: [UInt8]] {
    guard let archive = archive_read_new() else {
      throw .unreadable(path: path, reason: "out of memory")
    }
    defer { archive_read_free(archive) }
    archive_read_support_filter_gzip(archive)
    archive_read_support_format_tar(archive)
    guard archive_read_open_filename(archive, path, 1 << 17) == ARCHIVE_OK else {
      throw .badFile(
        path: path, place: "the beginning", expected: "a gzipped tar archive",
        found: message(archive))
    }
    var found: [String: [UInt8]] = [:]
    var entry: OpaquePointer?
    while found.count < names.count {
      let status = archive_read_next_header(archive, &entry)
      if status == ARCHIVE_EOF { break }
      guard status == ARCHIVE_OK, let entry else {
        throw .badFile(
          path: path, place: "after \(found.count) members", expected: "a sound archive",
          found: message(archive))
      }
      guard let pathname = archive_entry_pathname(entry) else { continue }
      let name = String(cString: pathname).split(separator: "/").last.map(String.init) ?? ""
      guard names.contains(name), found[name] == nil else { continue }
      guard archive_entry_size(entry) == Int64(bytes) else {
        throw .badFile(
          path: path, place: "member \(name)", expected: "\(bytes) bytes",
          found: "\(archive_entry_size(entry)) bytes")
      }
      var content = [UInt8](repeating: 0, count: bytes)
      let read = content.withUnsafeMutableBytes {
        archive_read_data(archive, $0.baseAddress, bytes)
      }
      guard read == bytes else {
        throw .badFile(
          path: path, place: "member \(name)", expected: "\(bytes) bytes", found: message(archive))
      }
      found[name] = content
    }
    for name in names where found[name] == nil {
      throw .badFile(path: path, place: "the archive", expected: "a member \(name)", found: "none")
    }
    return found
  }

  private static func message(_ archive: OpaquePointer) -> String {
    archive_error_string(archive).map { String(cString: $0) } ?? "the end of the file"
  }
}
