import Foundation

/// Makes folders.
enum Folder {
  /// Makes a folder and what lies above it, unless it is there.
  static func make(_ path: String) throws(CommandError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw CommandError("\(path): cannot be made: \(error.localizedDescription)", exitCode: 74)
    }
  }
}
