import Foundation
import Smoot

/// Makes folders.
enum Folder {
  /// Makes a folder and what lies above it, unless it is there.
  static func make(_ path: String) throws(CommandError) {
    for folder in try missing(path) {
      guard mkdir(folder, 0o777) == 0 || errno == EEXIST else {
        throw CommandError(
          "\(path.printable): cannot be made: \(String(cString: strerror(errno)))", exitCode: 74)
      }
    }
  }

  /// Checks that a path can be that of a folder, and makes nothing.
  ///
  /// - Throws: ``CommandError`` where there is a file, or where there is one above it.
  static func check(_ path: String) throws(CommandError) { _ = try missing(path) }

  /// The folders that have to be made, from the outermost.
  private static func missing(_ path: String) throws(CommandError) -> [String] {
    guard !path.isEmpty else {
      throw CommandError("\"\" is not the name of a folder", exitCode: 64)
    }
    var (place, found) = (path, [String]())
    var isFolder: ObjCBool = true
    while !place.isEmpty,
      !FileManager.default.fileExists(atPath: place, isDirectory: &isFolder)
    {
      found.append(place)
      place = place.parentFolder
      isFolder = true
    }
    if !isFolder.boolValue {
      throw found.isEmpty
        ? CommandError(
          "\(path.printable): exists already and is not a folder; choose another one",
          exitCode: 73)
        : CommandError(
          "\(path.printable): cannot be made: \(place.printable) is not a folder", exitCode: 74)
    }
    return found.reversed()
  }
}
