import Foundation
import Synchronization

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Fetches the files of a known data set, verifies them and puts them into a folder.
public struct DatasetDownloader: Sendable {
  private let dataset: KnownDataset
  private let folder: String
  private let mirrors: [String]

  /// Prepares to fetch a data set.
  ///
  /// - Parameters:
  ///   - dataset: what to fetch.
  ///   - folder: where it goes.
  ///   - mirrors: addresses to fetch from instead of the data set's own.
  public init(_ dataset: KnownDataset, folder: String, mirrors: [String]? = nil) {
    self.dataset = dataset
    self.folder = folder
    self.mirrors = mirrors ?? dataset.mirrors
  }

  /// Fetches what is not there yet.
  ///
  /// A file becomes visible under its name only when it is whole and verified; what was fetched of a broken download stays as `NAME.part` and is continued.
  ///
  /// - Parameter progress: told the file, the bytes so far, and the bytes in all (0 if the server does not say).
  /// - Throws: ``DatasetError``.
  public func run(progress: (String, Int, Int) -> Void) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for file in dataset.files {
      let path = "\(folder)/\(file.name)"
      if FileManager.default.fileExists(atPath: path) {
        try dataset.verify(file, path: path)
        continue
      }
      try fetch(file, to: path, progress)
    }
  }

  private func fetch(
    _ file: KnownDataset.File, to path: String, _ progress: (String, Int, Int) -> Void
  ) throws {
    let part = path + ".part"
    var reasons: [String] = []
    for mirror in mirrors {
      guard let address = URL(string: "\(mirror)/\(file.name)") else { continue }
      do {
        try Transfer(address: address, part: part, limit: file.limit).run {
          progress(file.name, $0, $1)
        }
        try dataset.verify(file, path: part)
        guard rename(part, path) == 0 else {
          throw DatasetError.unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        return
      } catch let error as TransferError {
        reasons.append("\(mirror): \(error.reason)")
      } catch let error as DatasetError {
        // A wrong file is not worth continuing.
        unlink(part)
        reasons.append("\(mirror): \(error)")
      }
    }
    throw DatasetError.notFetched(
      name: dataset.name,
      reason: "\(file.name) could not be fetched (\(reasons.joined(separator: "; ")))",
      advice: "put \(file.name) into \(folder) by hand; \(dataset.advice)")
  }
}

/// Why one address did not work.
struct TransferError: Error {
  let reason: String
}

/// The transfer of one file, continued where an earlier one broke off.
private struct Transfer {
  let address: URL
  let part: String
  let limit: Int

  func run(progress: (Int, Int) -> Void) throws {
    let existing = (try? FileManager.default.attributesOfItem(atPath: part)[.size] as? Int) ?? 0
    if !FileManager.default.fileExists(atPath: part) {
      _ = FileManager.default.createFile(atPath: part, contents: nil)
    }
    guard let handle = FileHandle(forWritingAtPath: part) else {
      throw DatasetError.unreadable(path: part, reason: String(cString: strerror(errno)))
    }
    defer { try? handle.close() }
    let receiver = Receiver(handle: handle, existing: existing, limit: limit)
    var request = URLRequest(url: address, timeoutInterval: 30)
    if existing > 0 { request.setValue("bytes=\(existing)-", forHTTPHeaderField: "Range") }
    let session = URLSession(configuration: .ephemeral, delegate: receiver, delegateQueue: nil)
    session.dataTask(with: request).resume()
    while receiver.done.wait(timeout: .now() + .milliseconds(200)) == .timedOut {
      let (received, total) = receiver.state.withLock { ($0.received, $0.total) }
      progress(received, total)
    }
    session.invalidateAndCancel()
    if let failure = receiver.state.withLock({ $0.failure }) {
      throw TransferError(reason: failure)
    }
    try handle.synchronize()
  }
}

/// Writes what arrives to the file.
private final class Receiver: NSObject, URLSessionDataDelegate, @unchecked Sendable {
  // Safe to share: everything that changes is behind the lock; the handle is used by the session's queue alone until the semaphore is raised.
  struct State {
    var received = 0
    var total = 0
    var failure: String?
  }

  let state: Mutex<State>
  let done = DispatchSemaphore(value: 0)
  private let handle: FileHandle
  private let existing: Int
  private let limit: Int

  init(handle: FileHandle, existing: Int, limit: Int) {
    self.handle = handle
    self.existing = existing
    self.limit = limit
    state = Mutex(State(received: existing))
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
  ) {
    let status = (response as? HTTPURLResponse)?.statusCode ?? 0
    let isContinued = status == 206
    guard status == 200 || isContinued else {
      // 416: the part is whole already, or of another file; the digest will tell.
      if status != 416 { fail("the server answered \(status)") }
      return completionHandler(.cancel)
    }
    let start = isContinued ? existing : 0
    do {
      try handle.truncate(atOffset: UInt64(start))
      try handle.seek(toOffset: UInt64(start))
    } catch { fail("\(error)") }
    state.withLock {
      $0.received = start
      $0.total = start + max(0, Int(response.expectedContentLength))
    }
    completionHandler(.allow)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    let received = state.withLock { state in
      state.received += data.count
      return state.received
    }
    guard received <= limit else {
      fail("more than \(limit) bytes arrived")
      return dataTask.cancel()
    }
    do { try handle.write(contentsOf: data) } catch {
      fail("cannot be written: \(error.localizedDescription)")
      dataTask.cancel()
    }
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
  ) {
    if let error, (error as? URLError)?.code != .cancelled { fail(error.localizedDescription) }
    let (received, total) = state.withLock { ($0.received, $0.total) }
    if total > 0, received < total {
      fail("the transfer ended after \(received) of \(total) bytes")
    }
    done.signal()
  }

  private func fail(_ reason: String) {
    state.withLock { if $0.failure == nil { $0.failure = reason } }
  }
}
