import Foundation
import SmootCheckpoints
import SmootTensor
import Testing

@Suite(.serialized) struct CheckpointStoreTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/smoot-\(UUID().uuidString)"

  private func file(_ value: Float) -> TensorFile {
    var file = TensorFile()
    file.entries["w"] = .init(Tensor([value], shape: [1]))
    return file
  }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  @Test func keepsTheNewestAndTheBest() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = try CheckpointStore(folder: folder, kept: 2)
    for step in 1...12 { try store.save(file(Float(step)), step: step, isBest: step == 3) }
    #expect(
      try names() == [
        "best.safetensors", "last.safetensors", "step-0000011.safetensors",
        "step-0000012.safetensors",
      ])
    func value(_ name: String) throws -> Float? {
      try TensorFile(contentsOf: "\(folder)/\(name)").entries["w"]?.tensor?.scalar
    }
    #expect(try value("best.safetensors") == 3)
    #expect(try value("last.safetensors") == 12)
  }

  @Test func ordersStepsAsNumbers() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = try CheckpointStore(folder: folder, kept: 9)
    for step in [9, 10, 10_000_000, 2] { try store.save(file(1), step: step, isBest: false) }
    #expect(CheckpointStore.steps(folder) == [10_000_000, 10, 9, 2])
  }

  @Test func fallsBackToTheNewestSoundOne() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = try CheckpointStore(folder: folder, kept: 3)
    for step in 1...3 { try store.save(file(Float(step)), step: step, isBest: false) }
    for name in ["step-0000003", "step-0000002"] {
      let path = "\(folder)/\(name).safetensors"
      var data = try Data(contentsOf: URL(filePath: path))
      data[data.count - 40] ^= 1
      try data.write(to: URL(filePath: path))
    }
    let newest = try CheckpointStore.newest(in: folder)
    #expect(newest.file.entries["w"]?.tensor?.scalar == 1)
    #expect(newest.damaged.count == 2)
    #expect(newest.damaged[0].contains("step-0000003"))
    try FileManager.default.removeItem(atPath: "\(folder)/step-0000001.safetensors")
    #expect(throws: CheckpointError.self) { try CheckpointStore.newest(in: folder) }
  }

  @Test func removesWhatAKilledProcessLeft() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try CheckpointStore(folder: folder, kept: 2)
    let litter = "\(folder)/\(DurableFile.temporaryPrefix)123-step-0000001.safetensors"
    try Data([1, 2, 3]).write(to: URL(filePath: litter))
    _ = try CheckpointStore(folder: folder, kept: 2)
    #expect(try names() == [])
  }

  @Test func locksOutASecondJob() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var lock: RunLock? = try RunLock(folder: folder, job: "smoot auc")
    #expect(lock != nil)
    do {
      _ = try RunLock(folder: folder, job: "smoot train")
      Issue.record("a second lock was granted")
    } catch {
      #expect(error.exitCode == 73)
      #expect("\(error)".contains("in use by smoot auc, process \(getpid())"))
    }
    lock = nil
    _ = try RunLock(folder: folder, job: "smoot train")
  }

  @Test func cutsATornLineOfTheLog() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = folder + "/metrics.jsonl"
    var log = try JSONLinesLog(path: path)
    for step in 1...3 { try log.append(["step": step]) }
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("{\"step\":".utf8))
    try handle.close()
    log = try JSONLinesLog(path: path)
    #expect(log.records([String: Int].self) == [["step": 1], ["step": 2], ["step": 3]])
    try log.keep([String: Int].self) { ($0["step"] ?? 0) <= 2 }
    try log.append(["step": 9])
    #expect(log.records([String: Int].self).map { $0["step"] } == [1, 2, 9])
  }

  @Test func writesArraysThatNumPyReads() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = folder + "/a.npy"
    try NPYFile.write(Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3]), to: path)
    let data = try Data(contentsOf: URL(filePath: path))
    #expect(data.count == 128 + 24 || data.count == 64 + 24)
    #expect(data.prefix(8) == Data([0x93] + Array("NUMPY".utf8) + [1, 0]))
    let header = String(decoding: data[10..<(data.count - 24)], as: UTF8.self)
    #expect(header.contains("'descr': '<f4'") && header.contains("'shape': (2, 3,)"))
    #expect(header.hasSuffix("\n") && (data.count - 24) % 64 == 0)
  }
}
