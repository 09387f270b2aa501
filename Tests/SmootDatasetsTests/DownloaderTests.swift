import Crypto
import Foundation
import SmootDatasets
import SmootTensor
import Synchronization
import Testing

/// Downloads from a server on this machine: whole, broken off, wrong, and none.
@Suite(.serialized) struct DownloaderTests {
  private let root = FileManager.default.temporaryDirectory.path + "/smoot-\(UUID().uuidString)"
  private let content = Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) })

  private var source: String { root + "/source" }
  private var target: String { root + "/target/one" }

  /// A data set of one file.
  private func dataset(digest of: Data, limit: Int = 1_000_000) -> KnownDataset {
    let digest = SHA256.hash(data: of).map { String(format: "%02x", $0) }.joined()
    return KnownDataset(
      name: "one", summary: "a file", size: .init(channels: 1, height: 1, width: 1),
      classNames: ["only"], normalization: .init(mean: [0], standardDeviation: [1]),
      counts: (1, 1), layout: .idx,
      files: [.init(name: "file.bin", limit: limit, digest: .fileSHA256(digest))], mirrors: [],
      advice: "ask a friend")
  }

  private func server() throws -> FileServer {
    try FileManager.default.createDirectory(atPath: source, withIntermediateDirectories: true)
    try content.write(to: URL(filePath: source + "/file.bin"))
    return try FileServer(folder: source)
  }

  private func fetch(_ dataset: KnownDataset, from mirrors: [String]) throws {
    try DatasetDownloader(dataset, folder: target, mirrors: mirrors).run { _, _, _ in }
  }

  private func files() -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: target)) ?? []).sorted()
  }

  @Test func fetchesFromTheFirstAddressThatHasIt() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let server = try server()
    defer { server.stop() }
    try fetch(
      dataset(digest: content),
      from: ["http://127.0.0.1:1", server.address + "/no", server.address]
    )
    #expect(FileManager.default.contents(atPath: target + "/file.bin") == content)
    #expect(files() == ["file.bin"])
    // What is there is verified, not fetched again.
    let requests = server.requested.withLock(\.count)
    try fetch(dataset(digest: content), from: [server.address])
    #expect(server.requested.withLock(\.count) == requests)
  }

  @Test(arguments: [true, false]) func goesOnWhereItBrokeOff(knowsRanges: Bool) throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let server = try server()
    defer { server.stop() }
    server.manners.withLock { $0 = .init(hangsUpAfter: 120_000, knowsRanges: knowsRanges) }
    #expect(throws: DatasetError.self) {
      try fetch(dataset(digest: content), from: [server.address])
    }
    #expect(files() == ["file.bin.part"])
    server.manners.withLock { $0.hangsUpAfter = nil }
    try fetch(dataset(digest: content), from: [server.address])
    #expect(FileManager.default.contents(atPath: target + "/file.bin") == content)
    #expect(files() == ["file.bin"])
    let second = server.requested.withLock { $0.last }
    #expect(knowsRanges ? (second ?? 0) > 0 : second == 0)
  }

  @Test func refusesAnotherFile() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let server = try server()
    defer { server.stop() }
    for dataset in [dataset(digest: Data([1])), dataset(digest: content, limit: 1000)] {
      #expect {
        try fetch(dataset, from: [server.address])
      } throws: { error in
        let error = error as? DatasetError
        return error?.exitCode == 69 && error?.description.contains("ask a friend") == true
      }
      #expect(!files().contains("file.bin"))
    }
  }
}
