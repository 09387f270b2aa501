import Foundation
import SmootTensor

/// A file that is written piece by piece and has its name only when it is whole.
///
/// Until then it has a temporary name in the same folder; it is removed when nobody refers to it any more without having finished it.
package final class PendingFile {
  /// Where its pieces go.
  package let sink: DurableFile.Sink

  private let path: String
  private let folder: String
  private let temporary: String
  private var isOpen = true
  private var isFinished = false

  /// Begins a file.
  ///
  /// - Parameter path: the name that it gets; its folder exists.
  /// - Throws: ``CheckpointError/unwritable(path:reason:)``.
  package init(_ path: String) throws(CheckpointError) {
    let parent = path.parentFolder
    let name = (path as NSString).lastPathComponent
    self.path = path
    folder = parent.isEmpty ? "." : parent
    temporary = "\(folder)/\(DurableFile.temporaryPrefix)\(getpid())-\(name)"
    Failpoint.beforeWrite.pass()
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .unwritable(path: path, reason: DurableFile.reason())
    }
    sink = DurableFile.Sink(descriptor: descriptor, path: path)
  }

  deinit {
    if isOpen { close(sink.descriptor) }
    if !isFinished { unlink(temporary) }
  }

  /// Makes what was written durable and gives it its name.
  ///
  /// - Throws: ``CheckpointError/unwritable(path:reason:)``.
  package func finish() throws(CheckpointError) {
    Failpoint.afterWrite.pass()
    try check(fsync(sink.descriptor))
    Failpoint.afterSync.pass()
    isOpen = false
    try check(close(sink.descriptor))
    try check(rename(temporary, path))
    isFinished = true
    Failpoint.afterRename.pass()
    try DurableFile.syncFolder(folder)
    Failpoint.afterFolderSync.pass()
  }

  private func check(_ status: Int32) throws(CheckpointError) {
    guard status == 0 else { throw .unwritable(path: path, reason: DurableFile.reason()) }
  }
}
