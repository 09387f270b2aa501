import Foundation
import SmootDatasets
import SmootTensor
import Testing

/// Folders of pictures: layouts, what is held out, what is refused, and the three places for decoded pictures.
@Suite(.serialized) struct ImageFolderTests {
  private let root = FileManager.default.temporaryDirectory.path + "/smoot-\(UUID().uuidString)"

  private func write(_ paths: [String], _ bytes: [UInt8]? = nil) throws {
    for (index, path) in paths.enumerated() {
      let path = "\(root)/\(path)"
      let folder = (path as NSString).deletingLastPathComponent
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data(bytes ?? picture(index)).write(to: URL(filePath: path))
    }
  }

  /// A picture of its own for each number.
  private func picture(_ number: Int) -> [UInt8] {
    let rows = PictureMaker.rows(9, 7).enumerated().map { place, value in
      place % 28 == 0 ? 0 : value &+ UInt8(truncatingIfNeeded: number * 37)
    }
    return PictureMaker.png(PictureMaker.header(9, 7), pixels: PictureMaker.deflated(rows))
  }

  private func folder(share: Double = 0.2, seed: UInt64 = 1) throws -> ImageFolder {
    try ImageFolder(path: root, testShare: share, seed: seed)
  }

  private func clean() { try? FileManager.default.removeItem(atPath: root) }

  @Test func readsPartsInTheOrderOfTorchvision() throws {
    defer { clean() }
    try write([
      "train/b/z.png", "train/b/a.PNG", "train/b/deep/er/c.jpeg", "train/B/10.png",
      "train/B/9.jpg", "train/b/deep-er/x.png", "train/é/ß.JPG", "val/b/1.png", "val/B/2.png",
      "val/é/3.png", "train/b/notes.txt", "train/b/.hidden.png", "train/.ipynb_checkpoints/x.png",
      "labels.csv", "train/classes.txt",
    ])
    let folder = try folder()
    #expect(folder.classNames == ["B", "b", "é"])
    #expect(
      folder.training.entries.map(\.path) == [
        "train/B/10.png", "train/B/9.jpg", "train/b/a.PNG", "train/b/z.png",
        "train/b/deep-er/x.png", "train/b/deep/er/c.jpeg", "train/é/ß.JPG",
      ])
    #expect(folder.training.entries.map(\.label) == [0, 0, 1, 1, 1, 1, 2])
    #expect(folder.test.entries.map(\.path) == ["val/B/2.png", "val/b/1.png", "val/é/3.png"])
    #expect(folder.testOrigin == "val" && folder.otherFiles == 2)
  }

  @Test(arguments: ["test", "val", "valid", "validation"]) func knowsNames(_ name: String) throws {
    defer { clean() }
    try write(["train/a/1.png", "train/b/1.png", "\(name)/a/2.png", "\(name)/b/2.png"])
    #expect(try folder().testOrigin == name)
    #expect(try folder().test.entries.count == 2)
  }

  @Test(arguments: ["", "train/"]) func holdsOutAShareOfEachClass(_ prefix: String) throws {
    defer { clean() }
    try write((0..<20).map { "\(prefix)a/\($0).png" } + (0..<3).map { "\(prefix)b/\($0).png" })
    let first = try folder()
    func counts(_ list: PictureList) -> [Int] {
      (0..<2).map { label in list.entries.filter { $0.label == label }.count }
    }
    #expect(counts(first.training) == [16, 2] && counts(first.test) == [4, 1])
    let all = Set((first.training.entries + first.test.entries).map(\.path))
    #expect(all.count == 23)
    #expect(try folder().test.entries == first.test.entries)
    #expect(try folder(seed: 2).test.entries != first.test.entries)
    #expect(try counts(folder(share: 0.5).test) == [10, 2])
    // What is held out of one class does not depend on the others.
    try write((0..<9).map { "\(prefix)0/\($0).png" })
    let later = try folder().test.entries.filter { $0.path.hasPrefix("\(prefix)a/") }
    #expect(later.map(\.path) == first.test.entries.filter { $0.label == 0 }.map(\.path))
  }

  @Test func refusesWhatIsNoFolderOfClasses() throws {
    let two = ["a/1.png", "a/2.png", "b/1.png"]
    let parts = ["train/a/1.png", "train/b/1.png", "val/a/1.png", "val/b/1.png"]
    let cases: [(name: String, files: [String], part: String)] = [
      ("empty", [], "no class folders"), ("only texts", ["notes.txt"], "no class folders"),
      ("flat", ["1.png", "2.png"], "without class folders"),
      ("one class", ["a/1.png"], "only one class"),
      ("loose pictures", two + ["c.png"], "beside class folders"),
      ("an empty class", two + ["c/notes.txt"], "no pictures"),
      ("an empty folder in a class", two + ["b/more/notes.txt"], "no pictures"),
      ("single pictures", ["a/1.png", "b/1.png"], "none can be held out"),
      ("a class missing in val", parts.dropLast(), "only one class"),
      ("another class in val", parts + ["val/c/1.png"], "only in val: c"),
      ("another class in train", parts + ["train/c/1.png"], "only in train: c"),
      ("a flat val", parts + ["val/1.png"], "beside class folders"),
      ("a flat train", ["train/1.png", "val/a/1.png", "val/b/1.png"], "without class folders"),
      ("flat parts", ["train/1.png", "val/1.png"], "without class folders"),
      ("no train", ["val/a/1.png", "val/b/1.png"], "no folder train"),
      ("deep folders", two + ["a/" + String(repeating: "x/", count: 17) + "1.png"], "nested"),
    ]
    for (name, files, part) in cases {
      try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
      try write(files)
      expectRefusal(name, part)
      clean()
    }
    expectRefusal("no folder", root, exitCode: 66)
    try write(["a/1.png"])
    #expect(throws: DatasetError.self) {
      try ImageFolder(path: root + "/a/1.png", testShare: 0.2, seed: 1)
    }
    clean()
  }

  private func expectRefusal(_ name: String, _ part: String, exitCode: Int32 = 65) {
    do {
      _ = try folder()
      Issue.record("\(name) was accepted")
    } catch {
      let error = error as? DatasetError
      let line = error.map { "\($0)" } ?? ""
      #expect(error?.exitCode == exitCode, "\(name): \(line)")
      #expect(line.contains(part) && line.hasPrefix(root) && !line.contains("\n"), "\(line)")
    }
  }

  @Test func refusesLinksThatLeave() throws {
    defer { clean() }
    try write(["in/a/1.png", "in/a/2.png", "in/b/1.png", "in/b/2.png", "out/1.png"])
    func folder() throws -> ImageFolder {
      try ImageFolder(path: root + "/in", testShare: 0.5, seed: 1)
    }
    func link(_ name: String, to target: String) {
      symlink(target, "\(root)/in/\(name)")
    }
    link("a/inside.png", to: "../b/1.png")
    #expect(try folder().training.entries.count + folder().test.entries.count == 5)
    for (name, target) in [
      ("a/file.png", "../../out/1.png"), ("a/absolute.png", "/etc/passwd"), ("a/gone.png", "gone"),
      ("a/loop.png", "loop.png"), ("c", "../out"), ("a/device.png", "/dev/zero"),
    ] {
      link(name, to: target)
      #expect(throws: DatasetError.self, "\(name)") { try folder() }
      unlink("\(root)/in/\(name)")
    }
    // A folder that holds itself has no end.
    link("a/self", to: "../a")
    #expect(throws: DatasetError.self) { try folder() }
    unlink("\(root)/in/a/self")
    #expect(throws: Never.self) { try folder() }
  }

  @Test func refusesNamesThatAreNotText() throws {
    defer { clean() }
    try write(["a/1.png", "a/2.png", "b/1.png", "b/2.png"])
    var name = Array("\(root)/a/".utf8CString.dropLast())
    name += [CChar(bitPattern: 0xff), 0x2e, 0x70, 0x6e, 0x67, 0]
    close(open(name, O_WRONLY | O_CREAT, 0o600))
    expectRefusal("a name of the byte 255", "not UTF-8")
  }

  private func load(
    _ cache: PictureCache, skips: Bool = false, excluded: Set<Int>? = nil, height: Int = 6
  ) throws -> ImageFolder.Loaded {
    var options = ImageFolder.Options(size: ImageSize(channels: 3, height: height, width: 6))
    options.cache = cache
    options.skipsBadPictures = skips
    options.excluded = excluded
    return try folder().load(.train, options: options)
  }

  @Test func givesTheSameFromEveryCache() throws {
    defer { clean() }
    setenv("XDG_CACHE_HOME", root + "/cache", 1)
    defer { unsetenv("XDG_CACHE_HOME") }
    try write((0..<300).map { "train/\($0 % 3)/\($0).png" } + ["test/0/1.png"])
    try write(["test/1/1.png", "test/2/1.png"])
    try write(["train/1/bad.png"], [1, 2, 3])
    let files = {
      try FileManager.default.contentsOfDirectory(atPath: root + "/cache/smoot/pictures")
    }
    let places = [17, 3, 299, 100, 150]
    let key = RandomKey(seed: 3)
    let augmentation = Augmentation(cropPadding: 1, flips: true)
    let memory = try load(.memory, skips: true)
    let expected = memory.dataset.batch(places, augmentation: augmentation, key: key)
    #expect(memory.dataset.count == 300 && memory.dataset.indexBound == 301)
    #expect(memory.bad.map(\.path) == ["train/1/bad.png"])
    #expect(expected.indices.contains(where: { $0 > 200 }))
    // The second round finds the file of the first; the third finds it damaged and makes it again.
    for (round, cache) in [PictureCache.disk, .disk, .disk, .none, .auto].enumerated() {
      if round == 2 {
        let path = try root + "/cache/smoot/pictures/" + #require(files().first)
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(filePath: path))
      }
      let other = try load(cache, skips: true)
      let batch = other.dataset.batch(places, augmentation: augmentation, key: key)
      #expect(batch.images.scalars == expected.images.scalars, "\(cache)")
      #expect(batch.labels == expected.labels && batch.indices == expected.indices)
      #expect(other.bad == memory.bad && other.dataset.digest == memory.dataset.digest)
      #expect(other.dataset.limited(to: 9).digest == memory.dataset.limited(to: 9).digest)
      #expect(throws: Never.self) { try other.dataset.checkReadable() }
      #expect(try round > 2 || files().count == 1)
    }
    // What a killed process left is removed; no process has the number of this one.
    let leftover = root + "/cache/smoot/pictures/.smoot-tmp-2147483646-x"
    _ = FileManager.default.createFile(atPath: leftover, contents: Data([1]))
    // Other extents, and pictures that changed, are other files.
    _ = try load(.disk, skips: true, height: 5)
    #expect(try files().count == 2)
    try write(["train/0/0.png"], picture(7))
    _ = try load(.disk, skips: true)
    #expect(try files().count == 3)
    setenv("XDG_CACHE_HOME", "/proc/none", 1)
    #expect { try load(.disk, skips: true) } throws: { ($0 as? DatasetError)?.exitCode == 74 }
  }

  @Test func saysWhichPicturesAreBad() throws {
    defer { clean() }
    try write((0..<30).map { "train/\($0 % 2)/\($0).png" } + ["test/0/1.png", "test/1/1.png"])
    let bad = (0..<12).map { "train/1/bad-\($0).png" }
    try write(bad, Array("text".utf8))
    #expect {
      try load(.memory)
    } throws: { error in
      let lines = "\(error)".split(separator: "\n")
      return (error as? DatasetError)?.exitCode == 65 && lines.count == 12
        && lines[0].contains("12 pictures") && lines[0].contains("smoot data check")
        && lines[1].contains("bad-0.png") && lines[11].contains("2 more")
    }
    #expect(try folder().training.check { _ in }.map(\.path).sorted() == bad.sorted())
    let loaded = try load(.memory, skips: true)
    let indices = Set(loaded.bad.map(\.index))
    #expect(loaded.dataset.count == 30 && indices.isDisjoint(with: loaded.dataset.indices))
    // A run goes on without those that it began without, even when they are sound now.
    try write(bad)
    #expect(try load(.memory, excluded: indices).dataset.indices == loaded.dataset.indices)
    #expect(try load(.memory).dataset.count == 42)
    try write(["train/0/0.png"], [1])
    #expect {
      try load(.memory, excluded: indices)
    } throws: { "\($0)".contains("could be when the run began") }
  }

  @Test func noticesPicturesThatChange() throws {
    defer { clean() }
    try write((0..<8).map { "train/\($0 % 2)/\($0).png" } + ["test/0/1.png", "test/1/1.png"])
    let dataset = try load(.none).dataset
    _ = dataset.batch([0, 1])
    #expect(throws: Never.self) { try dataset.checkReadable() }
    try write(["train/0/2.png"], [0])
    let batch = dataset.batch([1])
    #expect { try dataset.checkReadable() } throws: { "\($0)".contains("train/0/2.png") }
    let black = -Normalization.imageNet(channels: 3).mean[0] / 0.229
    #expect(abs(batch.images.scalars[0] - black) < 1e-5)
  }

  @Test func countsManyClasses() throws {
    let count = 70_000
    let dataset = ImageDataset(
      name: "many", split: "train", size: ImageSize(channels: 1, height: 1, width: 1),
      classNames: (0..<count).map(String.init),
      normalization: Normalization(mean: [0], standardDeviation: [1]),
      pixels: [UInt8](repeating: 0, count: count), labels: Array(0..<count))
    #expect(dataset.batch([69_999, 256]).labels == [69_999, 256])
    #expect(dataset.digest.count == 64)
  }
}
