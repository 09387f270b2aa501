import Foundation
import SmootTensor

/// A person's own pictures: a folder with a folder for each class.
///
/// Either `FOLDER/train/CLASS` and `FOLDER/test/CLASS` (or `val`, `valid`, `validation`), or `FOLDER/CLASS`, of which a share is held out for testing.
/// Names are sorted by their bytes, as torchvision's `ImageFolder` does; what begins with a dot is left out.
public struct ImageFolder: Sendable {
  /// The folder.
  public let path: String
  /// The classes' names: those of their folders, sorted.
  public let classNames: [String]
  /// The pictures to learn from.
  public let training: PictureList
  /// The pictures to be judged by.
  public let test: PictureList
  /// Where the pictures to be judged by come from, for people.
  public let testOrigin: String
  /// How many files were left out because their names have no picture's ending.
  public let otherFiles: Int

  /// The names that the folder of the pictures to be judged by may have, in turn.
  private static let testNames = ["test", "val", "valid", "validation"]
  private static let mostClasses = 100_000

  /// Lists a folder; no picture is opened.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - testShare: the share of each class that is held out for testing, in (0, 1), where the folder has no part of its own for it.
  ///   - seed: decides which pictures are held out.
  /// - Throws: ``DatasetError`` when the folder is none of classes with pictures.
  public init(path: String, testShare: Double, seed: UInt64) throws(DatasetError) {
    precondition(testShare > 0 && testShare < 1, "a test share of \(testShare)")
    let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    var scanner = try FolderScanner(root: path)
    let folders = try scanner.items(path).filter(\.isFolder).map(\.name)
    let testName = Self.testNames.first(where: folders.contains)
    func holdsFolders(_ name: String) throws(DatasetError) -> Bool {
      guard folders.contains(name) else { return false }
      return try scanner.items("\(path)/\(name)").contains(where: \.isFolder)
    }
    var hasParts = folders.contains("train") && testName != nil
    if !hasParts { hasParts = try holdsFolders("train") }
    if !hasParts, let testName, try holdsFolders(testName) {
      throw .badFolder(path: path, reason: "has a folder \(testName), but no folder train")
    }
    self.path = path
    let part = try Self.scan(hasParts ? "train" : nil, of: path, &scanner)
    classNames = part.classNames
    if hasParts, let testName {
      let other = try Self.scan(testName, of: path, &scanner)
      try Self.compare(part.classNames, other.classNames, path, testName)
      training = PictureList(folder: path, entries: part.entries.flatMap(\.self))
      test = PictureList(folder: path, entries: other.entries.flatMap(\.self))
      testOrigin = testName
    } else {
      let held = zip(part.classNames, part.entries).map { name, entries in
        Self.held(entries.count, testShare, RandomKey(seed: seed).derived("test").derived(name))
      }
      func list(_ isHeld: Bool) -> PictureList {
        let chosen = zip(part.entries, held).flatMap { entries, held in
          entries.enumerated().filter { held.contains($0.offset) == isHeld }.map(\.element)
        }
        return PictureList(folder: path, entries: chosen)
      }
      (training, test) = (list(false), list(true))
      testOrigin = "held out"
    }
    otherFiles = scanner.otherFiles
    guard !test.entries.isEmpty else {
      throw .badFolder(path: path, reason: "no class has two pictures, so none can be held out")
    }
  }

  /// Whether a text names a folder of pictures: it has a slash, or there is such a folder and no data set of this name.
  public static func isFolder(_ text: String) -> Bool {
    text.contains("/")
      || !KnownDataset.all.contains { $0.name == text } && FolderScanner.isFolder(text)
  }

  /// A path that begins with a slash.
  public static func absolute(_ path: String) -> String {
    URL(filePath: path, directoryHint: .notDirectory).standardizedFileURL.path
  }

  /// The last part of the path, for people.
  public var name: String { (path as NSString).lastPathComponent }

  /// The classes of one part and their pictures.
  private static func scan(
    _ part: String?, of root: String, _ scanner: inout FolderScanner
  ) throws(DatasetError) -> (classNames: [String], entries: [[PictureList.Entry]]) {
    let folder = part.map { "\(root)/\($0)" } ?? root
    let items = try scanner.items(folder)
    let classNames = items.filter(\.isFolder).map(\.name)
    let loose = items.filter { !$0.isFolder && PictureFile.isPicture($0.name) }.map(\.name)
    if let first = loose.first {
      let place = classNames.isEmpty ? "without class folders" : "beside class folders"
      throw .badFolder(
        path: folder,
        reason:
          "\(loose.count) pictures \(place), such as \(first.printable); put the pictures of each class into a folder of its own"
      )
    }
    scanner.leaveOut(items.count - classNames.count)
    guard (2...mostClasses).contains(classNames.count) else {
      let found = classNames.first.map { "only one class, \($0.printable)" } ?? "no class folders"
      throw .badFolder(
        path: folder,
        reason: classNames.count > mostClasses
          ? "\(classNames.count) classes; at most \(mostClasses) are possible"
          : "has \(found); expected a folder for each of two or more classes")
    }
    var entries: [[PictureList.Entry]] = []
    for (label, name) in classNames.enumerated() {
      let path = part.map { "\($0)/\(name)" } ?? name
      entries.append(try scanner.pictures(path, below: root, label: Int32(label)))
    }
    return (classNames, entries)
  }

  private static func compare(
    _ training: [String], _ test: [String], _ path: String, _ testName: String
  ) throws(DatasetError) {
    guard training != test else { return }
    func only(_ names: [String], notIn others: [String], _ place: String) -> String? {
      let others = Set(others)
      let names = names.filter { !others.contains($0) }
      guard !names.isEmpty else { return nil }
      let shown = names.prefix(5).map(\.printable).joined(separator: ", ")
      return "only in \(place): \(shown)" + (names.count > 5 ? " and \(names.count - 5) more" : "")
    }
    let differences = [
      only(training, notIn: test, "train"), only(test, notIn: training, testName),
    ].compactMap(\.self)
    throw .badFolder(
      path: path,
      reason:
        "train and \(testName) have different classes (\(differences.joined(separator: "; ")))")
  }

  /// The places of the pictures of a class that are held out: at least one, but never all.
  private static func held(_ count: Int, _ share: Double, _ key: RandomKey) -> Set<Int> {
    let wanted = min(count - 1, max(1, Int((share * Double(count)).rounded())))
    return Set(BatchOrder.shuffled(count, key).prefix(wanted))
  }
}
