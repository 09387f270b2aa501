import Foundation
import Synchronization

/// A web server for one folder on this machine alone, which can hang up in the middle of a file and does not always know the `Range` header.
final class FileServer: @unchecked Sendable {
  // Safe to share: what changes is behind the lock.
  struct Manners {
    /// Hang up after so many bytes of a body.
    var hangsUpAfter: Int?
    /// Whether a part can be asked for.
    var knowsRanges = true
  }

  let manners = Mutex(Manners())
  /// The first byte of each request's range.
  let requested = Mutex([Int]())
  let address: String
  private let listener: Int32
  private let folder: String

  init(folder: String) throws {
    self.folder = folder
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    let port = withUnsafeMutablePointer(to: &place) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> UInt16? in
        guard bind(listener, address, length) == 0, listen(listener, 8) == 0,
          getsockname(listener, address, &length) == 0
        else { return nil }
        return UInt16(bigEndian: pointer.pointee.sin_port)
      }
    }
    guard let port else { throw CocoaError(.fileReadUnknown) }
    address = "http://127.0.0.1:\(port)"
    Thread.detachNewThread { [self] in
      while case let client = accept(listener, nil, nil), client >= 0 { answer(client) }
    }
  }

  func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  private func answer(_ client: Int32) {
    defer { close(client) }
    var bytes = [UInt8](repeating: 0, count: 8192)
    let count = recv(client, &bytes, bytes.count, 0)
    guard count > 0 else { return }
    let lines = String(decoding: bytes[..<count], as: UTF8.self).components(separatedBy: "\r\n")
    let name = lines[0].split(separator: " ")[1]
    let range = lines.first { $0.lowercased().hasPrefix("range: bytes=") }
    let (manners, start) = manners.withLock { manners in
      (manners, manners.knowsRanges ? Int(range?.filter(\.isNumber) ?? "") ?? 0 : 0)
    }
    requested.withLock { $0.append(start) }
    guard let content = FileManager.default.contents(atPath: folder + name) else {
      return send(Data("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".utf8), to: client)
    }
    guard start < content.count else {
      return send(
        Data("HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\n\r\n".utf8), to: client)
    }
    let status = start > 0 ? "206 Partial Content" : "200 OK"
    let end = content.count - 1
    let place = start > 0 ? "Content-Range: bytes \(start)-\(end)/\(content.count)\r\n" : ""
    let head =
      "HTTP/1.1 \(status)\r\n\(place)Content-Length: \(content.count - start)\r\nConnection: close\r\n\r\n"
    let body = content[start...].prefix(manners.hangsUpAfter ?? .max)
    send(Data(head.utf8) + body, to: client)
  }

  private func send(_ data: Data, to client: Int32) {
    data.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      var sent = 0
      while sent < bytes.count {
        let count = Glibc.send(
          client, start + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
        guard count > 0 else { return }
        sent += count
      }
    }
  }
}
