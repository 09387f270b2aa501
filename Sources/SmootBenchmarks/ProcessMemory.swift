import Foundation

/// The memory of this process.
enum ProcessMemory {
  /// The most that it has had, in MB, where the system says so.
  static var peakMegabytes: Int? {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line?.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.first.map {
      $0 / 1024
    }
  }
}
