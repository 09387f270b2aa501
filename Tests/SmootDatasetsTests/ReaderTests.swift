import Foundation
import SmootDatasets
import SmootTensor
import Testing

/// Readers on small files made here, good and bad.
@Suite(.serialized) struct ReaderTests {
  private let root = FileManager.default.temporaryDirectory.path + "/smoot-\(UUID().uuidString)"

  private func idx(_ dimensions: [Int], _ values: [UInt8], magic: [UInt8]? = nil) -> Data {
    var data = Data(magic ?? [0, 0, 8, UInt8(dimensions.count)])
    for extent in dimensions { withUnsafeBytes(of: UInt32(extent).bigEndian) { data += Data($0) } }
    return data + Data(values)
  }

  private func write(_ data: Data, _ name: String) throws {
    let path = "\(root)/\(name)"
    let folder = (path as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try data.write(to: URL(filePath: path))
  }

  private func writeMNIST(images: Data? = nil, labels: Data? = nil) throws {
    let pixels = (0..<3 * 784).map { UInt8($0 % 251) }
    try write(images ?? idx([3, 28, 28], pixels), "mnist/train-images-idx3-ubyte")
    try write(labels ?? idx([3], [7, 0, 9]), "mnist/train-labels-idx1-ubyte")
  }

  private func load() throws -> ImageDataset {
    try KnownDataset.named("mnist").load(.train, from: DataLocator(roots: [root]))
  }

  private func refusal() -> DatasetError? {
    do {
      _ = try load()
      return nil
    } catch { return error as? DatasetError }
  }

  @Test func readsIDX() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    try writeMNIST()
    let dataset = try load()
    #expect(dataset.labels == [7, 0, 9])
    let batch = dataset.batch([2, 0])
    #expect(batch.indices == [2, 0])
    #expect(batch.images.shape == [2, 1, 28, 28])
    #expect(batch.images.scalars[784 + 5] == (Float(5) / 255 - 0.1307) / 0.3081)
    #expect(dataset.digest.count == 64)
  }

  @Test func refusesDamagedIDX() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let pixels = [UInt8](repeating: 1, count: 3 * 784)
    let cases: [(String, Data?, Data?)] = [
      ("empty", Data(), nil), ("short header", Data([0, 0, 8, 3, 0]), nil),
      ("wrong magic", idx([3, 28, 28], pixels, magic: [0, 0, 9, 3]), nil),
      ("labels as images", idx([3], [1, 2, 3]), nil),
      ("truncated", idx([3, 28, 28], pixels).dropLast(5), nil),
      ("trailing bytes", idx([3, 28, 28], pixels + [1]), nil),
      ("other extents", idx([3, 27, 28], [UInt8](repeating: 1, count: 3 * 756)), nil),
      ("huge extents", idx([0xffff_ffff, 0xffff_ffff, 0xffff_ffff], pixels), nil),
      ("no images", idx([0, 28, 28], []), nil),
      ("too few labels", nil, idx([2], [1, 2])), ("label out of range", nil, idx([3], [1, 10, 2])),
      ("text", Data("hello, I am not an image at all".utf8), nil),
    ]
    for (name, images, labels) in cases {
      try writeMNIST(images: images, labels: labels)
      let error = refusal()
      #expect(error?.exitCode == 65, "\(name): \(String(describing: error))")
      #expect("\(error.map { "\($0)" } ?? "")".contains("idx"), "\(name)")
    }
  }

  @Test func refusesDamagedGzip() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    try writeMNIST()
    let gzip = Process()
    gzip.executableURL = URL(filePath: "/bin/gzip")
    gzip.arguments = ["-k", "\(root)/mnist/train-images-idx3-ubyte"]
    try gzip.run()
    gzip.waitUntilExit()
    let path = "\(root)/mnist/train-images-idx3-ubyte.gz"
    #expect(try load().count == 3)
    let good = try Data(contentsOf: URL(filePath: path))
    try good.dropLast(6).write(to: URL(filePath: path))
    #expect(refusal()?.exitCode == 65)
    var bad = good
    bad[bad.count / 2] ^= 0xff
    try bad.write(to: URL(filePath: path))
    #expect(refusal()?.exitCode == 65)
  }

  @Test func saysWhereItLooked() {
    let error = refusal()
    #expect(error?.exitCode == 66)
    #expect("\(error.map { "\($0)" } ?? "")".contains("smoot data get mnist"))
    #expect(throws: DatasetError.self) { try KnownDataset.named("minst") }
  }

  private func records(_ labels: [[UInt8]]) -> Data {
    labels.enumerated().reduce(Data()) { data, item in
      data + Data(item.element) + Data([UInt8](repeating: UInt8(item.offset + 1), count: 3072))
    }
  }

  @Test func readsCIFAR() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    for batch in 1...5 {
      try write(records([[UInt8(batch)], [9]]), "cifar-10-batches-bin/data_batch_\(batch).bin")
    }
    try write(records([[19, 99], [0, 3]]), "cifar-100-binary/train.bin")
    let locator = DataLocator(roots: [root])
    let ten = try KnownDataset.named("cifar10").load(.train, from: locator)
    #expect(ten.labels == [1, 9, 2, 9, 3, 9, 4, 9, 5, 9])
    #expect(ten.batch([1]).images.scalars[0] == (Float(2) / 255 - 0.4914) / 0.2470)
    #expect(try KnownDataset.named("cifar100").load(.train, from: locator).labels == [99, 3])
    #expect(
      try KnownDataset.named("cifar100-coarse").load(.train, from: locator).labels == [19, 0])
    try write(records([[19, 100]]), "cifar-100-binary/train.bin")
    #expect(throws: DatasetError.self) {
      try KnownDataset.named("cifar100").load(.train, from: locator)
    }
    try write(records([[1]]).dropLast(), "cifar-10-batches-bin/data_batch_3.bin")
    #expect(throws: DatasetError.self) {
      try KnownDataset.named("cifar10").load(.train, from: locator)
    }
  }

  @Test func readsArchivesWithoutUnpacking() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let names = (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]
    var whole = Data(capacity: 10_000 * 3073)
    for index in 0..<10_000 {
      whole.append(UInt8(index % 10))
      whole.append(Data(count: 3072))
    }
    for name in names { try write(whole, "cifar-10-batches-bin/\(name)") }
    let tar = Process()
    tar.executableURL = URL(filePath: "/bin/tar")
    tar.arguments = ["-C", root, "-czf", "\(root)/cifar-10-binary.tar.gz", "cifar-10-batches-bin"]
    try tar.run()
    tar.waitUntilExit()
    try FileManager.default.removeItem(atPath: root + "/cifar-10-batches-bin")
    let test = try KnownDataset.named("cifar10").load(.test, from: DataLocator(roots: [root]))
    #expect(test.count == 10_000)
    #expect(Array(test.labels.prefix(12)) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1])
  }

  /// The first labels of the published training sets.
  @Test(
    arguments: [("mnist", [5, 0, 4, 1, 9]), ("fashion-mnist", [9, 0, 0, 3, 0])]
      as [(String, [Int32])])
  func readsWholeDataSets(name: String, labels: [Int32]) throws {
    guard let data = ProcessInfo.processInfo.environment["SMOOT_DATA"],
      FileManager.default.fileExists(atPath: "\(data)/\(name)/train-images-idx3-ubyte.gz")
    else {
      print("skipped: SMOOT_DATA has no \(name)")
      return
    }
    let locator = DataLocator(roots: [data])
    let known = try KnownDataset.named(name)
    let train = try known.load(.train, from: locator)
    #expect(train.count == 60_000)
    #expect(Array(train.labels.prefix(5)) == labels)
    #expect(try known.verify(in: locator).hasPrefix("all 4 files"))
  }
}
