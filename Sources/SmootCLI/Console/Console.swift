import Foundation

/// Where text goes: results to standard output, everything else to standard error.
enum Console {
  /// Whether standard error is a terminal that understands control sequences.
  static let isTerminal: Bool =
    isatty(2) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"

  /// How many columns the terminal has.
  static var width: Int {
    if let text = ProcessInfo.processInfo.environment["COLUMNS"], let columns = Int(text) {
      return max(1, columns)
    }
    var size = winsize()
    return ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  /// A line for people.
  static func note(_ text: String) { write(text + "\n", to: 2) }

  /// A line about something that is wrong but does not stop the command.
  static func warning(_ text: String) { note("warning: \(text)") }

  /// A line about what stopped the command.
  static func error(_ text: String) { note("error: \(text)") }

  /// A line of the result.
  static func result(_ text: String) { write(text + "\n", to: 1) }

  /// A result as one JSON object.
  static func json(_ value: some Encodable) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if let data = try? encoder.encode(value) { result(String(decoding: data, as: UTF8.self)) }
  }

  /// Writes text as it is; a closed pipe is nobody's fault.
  static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }
}
