import Crypto
import Foundation
import SmootTensor

extension PictureCacheFile {
  /// Writes a file of decoded pictures piece by piece; nobody sees it before it is whole.
  final class Writer {
    private let path: String
    private let temporary: String
    private var descriptor: Int32
    private let count: Int
    private let header: [UInt8]

    /// Begins a file, making its folder if need be.
    init(path: String, count: Int, values: Int) throws(DatasetError) {
      self.path = path
      self.count = count
      let folder = path.parentFolder
      let name = (path as NSString).lastPathComponent
      temporary = "\(folder)/\(Self.prefix)\(getpid())-\(name)"
      header = PictureCacheFile.header(count: count, values: values)
      do {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      } catch {
        throw .unwritable(
          path: folder, reason: error.localizedDescription, advice: PictureCacheFile.advice)
      }
      Self.removeLeftovers(in: folder)
      unlink(temporary)
      descriptor = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { throw failure() }
      try append([UInt8](repeating: 0, count: header.count + count))
    }

    /// Removes the unfinished files of processes that are no more.
    private static func removeLeftovers(in folder: String) {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      for name in names where name.hasPrefix(prefix) {
        let process = name.dropFirst(prefix.count).prefix { $0.isNumber }
        guard let process = pid_t(process), kill(process, 0) != 0, errno == ESRCH else { continue }
        unlink("\(folder)/\(name)")
      }
    }

    private static let prefix = ".smoot-tmp-"

    deinit {
      if descriptor >= 0 {
        close(descriptor)
        unlink(temporary)
      }
    }

    /// Writes more pixel values.
    func append(_ bytes: UnsafeRawBufferPointer) throws(DatasetError) {
      guard writeAll(bytes) else { throw failure() }
    }

    private func append(_ bytes: [UInt8]) throws(DatasetError) {
      guard bytes.withUnsafeBytes(writeAll) else { throw failure() }
    }

    private func writeAll(_ bytes: UnsafeRawBufferPointer) -> Bool {
      var done = 0
      while done < bytes.count {
        let written = write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
        if written < 0 && errno == EINTR { continue }
        guard written > 0 else { return false }
        done += written
      }
      return true
    }

    /// Completes the file: the marks of bad pictures, the digest, the name.
    func finish(bad: [Int]) throws(DatasetError) {
      var marks = [UInt8](repeating: 0, count: count)
      for index in bad { marks[index] = 1 }
      let head = header + marks
      guard pwrite(descriptor, head, head.count, 0) == head.count else { throw failure() }
      try append(Array(try digest()))
      guard fsync(descriptor) == 0 else { throw failure() }
      let isClosed = close(descriptor) == 0
      descriptor = -1
      guard isClosed, rename(temporary, path) == 0 else {
        let error = failure()
        unlink(temporary)
        throw error
      }
      let folder = open(path.parentFolder, O_RDONLY | O_CLOEXEC)
      guard folder >= 0 else { throw failure() }
      defer { close(folder) }
      guard fsync(folder) == 0 else { throw failure() }
    }

    private func digest() throws(DatasetError) -> SHA256.Digest {
      var hash = SHA256()
      var buffer = [UInt8](repeating: 0, count: PictureCacheFile.piece)
      var offset = 0
      while true {
        let got = pread(descriptor, &buffer, buffer.count, offset)
        if got < 0 && errno == EINTR { continue }
        guard got >= 0 else { throw failure() }
        if got == 0 { return hash.finalize() }
        hash.update(data: buffer[..<got])
        offset += got
      }
    }

    private func failure() -> DatasetError {
      .unwritable(
        path: path, reason: String(cString: strerror(errno)), advice: PictureCacheFile.advice)
    }
  }
}
