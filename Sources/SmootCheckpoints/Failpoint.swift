import Foundation

/// Places in the save protocol where a test can kill the process, as a power cut would.
enum Failpoint: String, CaseIterable {
  case beforeWrite = "before-write"
  case midWrite = "mid-write"
  case afterWrite = "after-write"
  case afterSync = "after-fsync"
  case afterRename = "after-rename"
  case afterFolderSync = "after-dirsync"
  case beforeLinks = "before-links"
  case afterLinks = "after-links"
  case midPrune = "mid-prune"

  /// `SMOOT_FAILPOINT=NAME:COUNT`: which place kills, and at which passing of it.
  private static let armed: (name: String, count: Int)? = {
    guard let text = ProcessInfo.processInfo.environment["SMOOT_FAILPOINT"] else { return nil }
    let parts = text.split(separator: ":")
    guard let name = parts.first else { return nil }
    return (String(name), parts.count > 1 ? Int(parts[1]) ?? 1 : 1)
  }()

  nonisolated(unsafe) private static var passed = 0  // Saves happen on one thread.

  /// Kills the process here if the environment asks for it.
  func pass() {
    guard let armed = Self.armed, armed.name == rawValue else { return }
    Self.passed += 1
    if Self.passed == armed.count { kill(getpid(), SIGKILL) }
  }
}
