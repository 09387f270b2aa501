import Foundation
import SmootCheckpoints
import SmootTensor
import Testing

@Suite(.serialized) struct TensorFileTests {
  private let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.path + "/smoot-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private var path: String { folder + "/file.safetensors" }

  private func sample() -> TensorFile {
    var file = TensorFile()
    file.entries["conv1.weight"] = .init(Tensor([1, -2, 3.5, 0], shape: [2, 2]))
    file.entries["empty"] = .init(type: "F32", shape: [0, 3], data: Data())
    file.entries["number"] = .init(type: "I64", shape: [], data: Data(count: 8))
    file.metadata["note"] = "a \"quoted\" text, ünïcode, \n and a line"
    return file
  }

  private func refused(_ bytes: Data, _ what: String) throws {
    try bytes.write(to: URL(filePath: path))
    #expect(throws: CheckpointError.self, "\(what)") { try TensorFile(contentsOf: path) }
  }

  /// A file with the given header and data.
  private func raw(_ header: String, _ data: Int = 0) -> Data {
    var length = UInt64(header.utf8.count).littleEndian
    return withUnsafeBytes(of: &length) { Data($0) } + Data(header.utf8) + Data(count: data)
  }

  @Test func readsWhatItWrote() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try sample().write(to: path)
    let read = try TensorFile(contentsOf: path, requiresDigest: true)
    #expect(read.entries["conv1.weight"]?.tensor?.scalars == [1, -2, 3.5, 0])
    #expect(read.entries["empty"]?.shape == [0, 3])
    #expect(read.entries["number"]?.shape == [])
    #expect(read.metadata["note"] == sample().metadata["note"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file.safetensors"])
  }

  @Test func keepsWholeNumbers() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var file = sample()
    file.entries["count"] = TensorFile.Entry(integers: Tensor(70_000))
    try file.write(to: path)
    let read = try #require(try TensorFile(contentsOf: path).entries["count"])
    #expect(read.type == "I64" && read.shape == [] && read.data.count == 8)
    #expect(read.integers?.scalars == [70_000])
    #expect(read.tensor == nil)
    #expect(TensorFile.Entry(Tensor(1)).integers == nil)
  }

  @Test func detectsEveryChangedByte() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try sample().write(to: path)
    let good = try Data(contentsOf: URL(filePath: path))
    for index in good.indices {
      var bad = good
      bad[index] ^= 1 << UInt8(index % 8)
      try bad.write(to: URL(filePath: path))
      #expect(throws: CheckpointError.self, "byte \(index)") {
        try TensorFile(contentsOf: path, requiresDigest: true)
      }
    }
    for count in stride(from: 0, to: good.count, by: 7) {
      try refused(good.prefix(count), "cut to \(count) bytes")
    }
    try refused(good + Data([0]), "a byte more")
  }

  @Test func refusesHostileHeaders() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func tensor(_ fields: String) -> String { "{\"a\":{\(fields)}}" }
    let attacks: [(String, Int)] = [
      ("", 0), ("[]", 0), ("{", 0), ("{}}", 0), ("{\"a\"}", 0), ("null", 0), ("{\"a\":1}", 0),
      (tensor(""), 0), (tensor("\"dtype\":\"F32\""), 0),
      (tensor("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]"), 4),
      (tensor("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]"), 4),
      (tensor("\"dtype\":\"F99\",\"shape\":[1],\"data_offsets\":[0,4]"), 4),
      (tensor("\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]"), 4),
      (tensor("\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]"), 4),
      (tensor("\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]"), 4),
      (tensor("\"dtype\":\"F32\",\"shape\":[1e0],\"data_offsets\":[0,4]"), 4),
      (tensor("\"dtype\":\"F32\",\"shape\":[01],\"data_offsets\":[0,4]"), 4),
      (tensor("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]"), 8),
      (tensor("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]"), 4),
      (tensor("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]"), 8),
      (tensor("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]"), 0),
      (tensor("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1"), 4),
      (tensor("\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]"), 4),
      (tensor("\"dtype\":\"F32\",\"shape\":[9223372036854775807,9],\"data_offsets\":[0,4]"), 4),
      (tensor("\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,4]"), 4),
      (tensor("\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,4]"), 4),
      ("{\"__metadata__\":{\"k\":1}}", 0), ("{\"__metadata__\":{\"k\":\"v\",\"k\":\"w\"}}", 0),
      ("{\"__metadata__\":{},\"__metadata__\":{}}", 0), ("{\"__metadata__\":\"text\"}", 0),
      ("{\"\\ud800\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4),
      ("{\"a\u{1}\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4),
      ("{\"a", 0), ("{\"a\\", 0), (String(repeating: "{\"a\":", count: 10_000), 0),
    ]
    for (header, data) in attacks { try refused(raw(header, data), String(header.prefix(80))) }
    let one = "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}"
    let two = "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}"
    try refused(raw("{\"a\":\(one),\"a\":\(one)}", 4), "the same name twice")
    try refused(raw("{\"a\":\(one),\"b\":\(one)}", 4), "the same bytes twice")
    try refused(raw("{\"a\":\(one),\"b\":\(two)}", 6), "overlapping bytes")
    try refused(Data([UInt8](repeating: 0xff, count: 16)), "a header of 2^64 bytes")
    try refused(Data("just some text, no tensors at all".utf8), "a text")
    try refused(Data([0x80, 2] + [UInt8](repeating: 0x7d, count: 40)), "a pickle")
    try refused(Data("PK\u{3}\u{4}".utf8) + Data(count: 40), "a zip")
  }

  @Test func namesWhatTheFileIs() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func message(_ data: Data) throws -> String {
      try data.write(to: URL(filePath: path))
      do {
        _ = try TensorFile(contentsOf: path)
        return ""
      } catch { return "\(error)" }
    }
    #expect(try message(Data("lr: 0.1\nepochs: 3\n".utf8)).contains("found text"))
    #expect(try message(Data("PK\u{3}\u{4}".utf8) + Data(count: 40)).contains("convert"))
    #expect(throws: CheckpointError.self) { try TensorFile(contentsOf: folder) }
    #expect(throws: CheckpointError.self) { try TensorFile(contentsOf: folder + "/none") }
    #expect(throws: CheckpointError.self) { try TensorFile(contentsOf: "/dev/zero") }
  }

  @Test func takesFilesOfOtherTools() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // No digest, spaces after the header, tensors listed out of the order of their bytes.
    let header =
      "{ \"b\" : {\"shape\":[1], \"dtype\":\"F32\",\"data_offsets\":[4,8]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}   "
    try raw(header, 8).write(to: URL(filePath: path))
    let file = try TensorFile(contentsOf: path)
    #expect(file.entries.keys.sorted() == ["a", "b"])
    #expect(throws: CheckpointError.self) {
      try TensorFile(contentsOf: path, requiresDigest: true)
    }
  }
}
