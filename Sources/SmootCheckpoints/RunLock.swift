import Foundation

/// Keeps two jobs out of one folder.
///
/// The system releases the lock when the process ends, however it ends.
public final class RunLock {
  private let descriptor: Int32

  /// Locks a folder.
  ///
  /// - Parameters:
  ///   - folder: the folder.
  ///   - job: what this process does there, for the message to whoever comes second, such as `smoot train`.
  /// - Throws: ``CheckpointError/locked(path:owner:)`` when another process has it.
  public init(folder: String, job: String) throws(CheckpointError) {
    let path = folder + "/LOCK"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .unwritable(path: path, reason: DurableFile.reason()) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      var buffer = [UInt8](repeating: 0, count: 256)
      let count = max(0, read(descriptor, &buffer, 256))
      close(descriptor)
      let owner = String(decoding: buffer[..<count], as: UTF8.self)
      throw .locked(
        path: folder, owner: owner.trimmingCharacters(in: .whitespacesAndNewlines))
    }
    let owner = [UInt8]("\(job), process \(getpid()) on \(ProcessInfo.processInfo.hostName)\n".utf8)
    ftruncate(descriptor, 0)
    _ = owner.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, owner.count, 0) }
  }

  deinit { close(descriptor) }
}
