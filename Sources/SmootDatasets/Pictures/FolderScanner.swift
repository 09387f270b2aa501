import Foundation

/// Lists folders of pictures: sorted by the bytes of their names, without dot files, never beyond the root.
struct FolderScanner {
  /// Something in a folder.
  struct Item {
    let name: String
    let isFolder: Bool
    let bytes: Int
    let modified: Int
  }

  /// The root without symbolic links.
  private let root: String
  /// How many files were neither pictures nor folders.
  private(set) var otherFiles = 0

  private static let deepest = 16

  /// Prepares to list what is below a folder.
  init(root: String) throws(DatasetError) {
    guard let path = realpath(root, nil) else {
      throw .unreadable(path: root, reason: String(cString: strerror(errno)))
    }
    defer { free(path) }
    self.root = String(cString: path)
  }

  /// Whether there is a folder at a path.
  static func isFolder(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
  }

  /// What is in a folder, sorted, without what begins with a dot.
  func items(_ folder: String) throws(DatasetError) -> [Item] {
    guard let stream = opendir(folder) else {
      throw .unreadable(path: folder, reason: String(cString: strerror(errno)))
    }
    defer { closedir(stream) }
    var items: [Item] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else { break }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        Array(bytes.prefix { $0 != 0 })
      }
      if name.first == UInt8(ascii: ".") { continue }
      guard let text = String(validating: name, as: UTF8.self) else {
        throw .badFolder(
          path: folder,
          reason: "a name in it is not UTF-8: \(String(decoding: name, as: UTF8.self))")
      }
      items.append(try item(text, in: folder))
    }
    guard errno == 0 else {
      throw .unreadable(path: folder, reason: String(cString: strerror(errno)))
    }
    return items.sorted { Self.precedes($0.name, $1.name) }
  }

  private func item(_ name: String, in folder: String) throws(DatasetError) -> Item {
    let path = "\(folder)/\(name)"
    var information = stat()
    guard lstat(path, &information) == 0 else {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    if information.st_mode & S_IFMT == S_IFLNK {
      guard let target = realpath(path, nil) else {
        throw .badFolder(path: path, reason: "a symbolic link that leads nowhere")
      }
      defer { free(target) }
      guard String(cString: target).hasPrefix(root + "/") else {
        throw .badFolder(
          path: path,
          reason: "a symbolic link that leaves \(root.printable); copy the file into the folder")
      }
      guard stat(path, &information) == 0 else {
        throw .unreadable(path: path, reason: String(cString: strerror(errno)))
      }
    }
    let changed = information.st_mtim
    return Item(
      name: name, isFolder: information.st_mode & S_IFMT == S_IFDIR,
      bytes: Int(information.st_size), modified: changed.tv_sec * 1_000_000_000 + changed.tv_nsec)
  }

  /// All pictures of a class, in the order of torchvision's ImageFolder: folder by folder, each sorted.
  ///
  /// - Parameters:
  ///   - folder: the path of the class, below `base`.
  ///   - base: what the paths begin below.
  ///   - label: the place of the class.
  mutating func pictures(
    _ folder: String, below base: String, label: Int32
  ) throws(DatasetError) -> [PictureList.Entry] {
    var byFolder: [(folder: String, entries: [PictureList.Entry])] = []
    var waiting = [(path: folder, depth: 0)]
    while let (path, depth) = waiting.popLast() {
      guard depth < Self.deepest else {
        throw .badFolder(path: "\(base)/\(path)", reason: "folders nested \(depth) deep")
      }
      let items = try items("\(base)/\(path)")
      let folders = items.filter(\.isFolder)
      let files = items.filter { !$0.isFolder && PictureFile.isPicture($0.name) }
      if files.isEmpty && folders.isEmpty {
        throw .badFolder(
          path: "\(base)/\(path)",
          reason: "has no pictures (\(PictureFile.endings.joined(separator: ", ")))")
      }
      otherFiles += items.count - folders.count - files.count
      waiting += folders.map { ("\(path)/\($0.name)", depth + 1) }
      let entries = files.map { file in
        PictureList.Entry(
          path: "\(path)/\(file.name)", label: label, bytes: file.bytes, modified: file.modified)
      }
      byFolder.append((path, entries))
    }
    return byFolder.sorted { Self.precedes($0.folder, $1.folder) }.flatMap(\.entries)
  }

  /// Counts files that are not looked at.
  mutating func leaveOut(_ count: Int) { otherFiles += count }

  /// The order of the bytes, which is also that of Python's sorted.
  static func precedes(_ a: String, _ b: String) -> Bool {
    a.utf8.lexicographicallyPrecedes(b.utf8)
  }
}
