import Foundation
import Smoot

/// The folder that `smoot explain` writes to.
struct ExplainFolder {
  let path: String
  /// Whether the files of an earlier job may be replaced.
  let mayReplace: Bool

  /// What says how maps were made.
  static let record = "methods.json"

  /// Checks that the folder can be used, and changes nothing.
  func check() throws(CommandError) {
    try Folder.check(path)
    guard let first = files.first, !mayReplace else { return }
    throw CommandError(
      "\(path.printable): holds maps already (\(first)); choose another folder with --output, or say --force",
      exitCode: 73)
  }

  /// Makes the folder, keeps other jobs out of it, and removes what an earlier one has left.
  ///
  /// - Returns: what keeps other jobs out as long as it lives.
  func open() throws -> RunLock {
    try Folder.make(path)
    let lock = try RunLock(folder: path, job: "smoot explain")
    // Another job may have written here while this one began.
    try check()
    for file in files {
      guard unlink("\(path)/\(file)") == 0 || errno == ENOENT else {
        throw CommandError(
          "\(path.printable)/\(file): cannot be replaced: \(String(cString: strerror(errno)))",
          exitCode: 74)
      }
    }
    // Stays if anything else is in it.
    rmdir(path + "/maps")
    return lock
  }

  /// The files of an earlier job; what says how its maps were made comes first, so that it is never beside other maps.
  private var files: [String] {
    func names(_ folder: String) -> [String] {
      ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }
    let own = names(path).filter(Self.isOwn)
    let maps = names(path + "/maps").filter {
      $0.hasSuffix("-map.png") || $0.hasSuffix("-overlay.png")
    }
    let record = own.filter { $0 == Self.record }
    return record + own.filter { $0 != Self.record } + maps.map { "maps/\($0)" }
  }

  private static func isOwn(_ name: String) -> Bool {
    let fixed = [
      record, "inputs.npy", "labels.npy", "indices.npy", "grid.png", "overlays.png",
    ]
    let isArray = name.hasPrefix("attributions") || name.hasPrefix("logits")
    return fixed.contains(name) || isArray && name.hasSuffix(".npy")
  }
}
