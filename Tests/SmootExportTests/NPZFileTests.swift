import CArchive
import Foundation
import SmootCheckpoints
import SmootExport
import SmootTensor
import Testing

/// npz files, read back by libarchive.
@Suite struct NPZFileTests {
  private let entries = [
    "layer.weight": TensorFile.Entry(Tensor([1, -2, 3.5, 0, 5, 6], shape: [2, 3])),
    "count": TensorFile.Entry(integers: Tensor(70_000)),
    "empty": TensorFile.Entry(type: "F32", shape: [0, 3], data: Data()),
    "a.bias": TensorFile.Entry(Tensor([7], shape: [1])),
  ]

  private struct Member {
    let name: String
    let time: Int?
    let content: Data
  }

  private func members(_ path: String) throws -> [Member] {
    let archive = try #require(archive_read_new())
    defer { archive_read_free(archive) }
    archive_read_support_format_zip(archive)
    #expect(archive_read_open_filename(archive, path, 1 << 16) == ARCHIVE_OK)
    var members: [Member] = []
    var entry: OpaquePointer?
    while archive_read_next_header(archive, &entry) == ARCHIVE_OK {
      let member = try #require(entry)
      var content = Data()
      var block = [UInt8](repeating: 0, count: 1 << 16)
      while true {
        let read = archive_read_data(archive, &block, block.count)
        #expect(read >= 0)
        guard read > 0 else { break }
        content.append(contentsOf: block[..<read])
      }
      members.append(
        Member(
          name: String(cString: archive_entry_pathname(member)),
          time: archive_entry_mtime_is_set(member) != 0 ? archive_entry_mtime(member) : nil,
          content: content))
    }
    return members
  }

  @Test func readsWhatItWrote() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("arrays.npz")
    try NPZFile.write(entries, to: path)
    let members = try members(path)
    #expect(
      members.map(\.name) == ["a.bias.npy", "count.npy", "empty.npy", "layer.weight.npy"])
    for member in members {
      let entry = try #require(entries[String(member.name.dropLast(4))])
      let length = Int(member.content[8]) + Int(member.content[9]) << 8
      let header = String(decoding: member.content[10..<10 + length], as: UTF8.self)
      #expect(member.content.prefix(8) == Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0]))
      #expect((10 + length) % 64 == 0 && header.hasSuffix("\n"))
      #expect(header.contains(entry.type == "I64" ? "'<i8'" : "'<f4'"))
      let extents = entry.shape.map { "\($0)," }.joined(separator: " ")
      #expect(header.contains("'fortran_order': False, 'shape': (\(extents))"))
      #expect(member.content[(10 + length)...] == entry.data, "\(member.name)")
    }
    #expect(try folder.names == ["arrays.npz"])
  }

  /// The same arrays give the same bytes, later and elsewhere: no member has a time of its own.
  @Test func isTheSameEveryTime() throws {
    let folder = try TemporaryFolder()
    try NPZFile.write(entries, to: folder.file("1.npz"))
    Thread.sleep(forTimeInterval: 2.1)  // zip counts in steps of two seconds
    try NPZFile.write(entries, to: folder.file("2.npz"))
    let first = try Data(contentsOf: URL(filePath: folder.file("1.npz")))
    #expect(try Data(contentsOf: URL(filePath: folder.file("2.npz"))) == first)
    // 1980-01-01 00:00 in the first header: the least that zip can say.
    #expect(Array(first[10..<14]) == [0, 0, 0x21, 0])
    // Stored, not compressed.
    #expect(Array(first[8..<10]) == [0, 0])
  }

  @Test func leavesNothingHalfWritten() throws {
    let folder = try TemporaryFolder()
    #expect(throws: CheckpointError.self) {
      try NPZFile.write(entries, to: folder.file("none/arrays.npz"))
    }
    #expect(try folder.names == [])
  }
}
