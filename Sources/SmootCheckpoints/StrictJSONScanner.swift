import Foundation

/// Reads the small part of JSON that safetensors headers use, and nothing else: objects, strings, lists of non-negative integers.
struct StrictJSONScanner {
  private let bytes: [UInt8]
  private let path: String
  private var at = 0

  init(bytes: [UInt8], path: String) {
    self.bytes = bytes
    self.path = path
  }

  /// An error at the current place; 8 bytes precede the header in the file.
  func bad(_ expected: String, _ found: String) -> CheckpointError {
    .badFile(
      path: path, place: "the header, byte \(8 + at)", expected: expected,
      found: String(found.prefix(200)))
  }

  private mutating func skipSpace() {
    while at < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[at]) { at += 1 }
  }

  private func shown() -> String {
    at < bytes.count
      ? "\"\(String(decoding: bytes[at..<min(bytes.count, at + 12)], as: UTF8.self))\"" : "the end"
  }

  private mutating func expect(_ character: Character) throws(CheckpointError) {
    skipSpace()
    guard at < bytes.count, bytes[at] == character.asciiValue else {
      throw bad("'\(character)'", shown())
    }
    at += 1
  }

  private mutating func takes(_ character: Character) -> Bool {
    skipSpace()
    guard at < bytes.count, bytes[at] == character.asciiValue else { return false }
    at += 1
    return true
  }

  /// An object; `member` reads the value of each key.
  mutating func object(
    _ member: (inout StrictJSONScanner, String) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    try expect("{")
    if takes("}") { return }
    repeat {
      let key = try string()
      try expect(":")
      try member(&self, key)
    } while takes(",")
    try expect("}")
  }

  /// A list of non-negative integers.
  mutating func integers(atMost most: Int) throws(CheckpointError) -> [Int] {
    try expect("[")
    var result: [Int] = []
    if takes("]") { return result }
    repeat {
      guard result.count < most else { throw bad("at most \(most) numbers", "more") }
      result.append(try integer())
    } while takes(",")
    try expect("]")
    return result
  }

  private mutating func integer() throws(CheckpointError) -> Int {
    skipSpace()
    let start = at
    while at < bytes.count, (0x30...0x39).contains(bytes[at]) { at += 1 }
    let text = String(decoding: bytes[start..<at], as: UTF8.self)
    guard let value = Int(text), text == "0" || !text.hasPrefix("0") else {
      throw bad("a non-negative integer below 2^63", text.isEmpty ? shown() : text)
    }
    return value
  }

  /// A string; its escapes are left to the system's decoder.
  mutating func string() throws(CheckpointError) -> String {
    try expect("\"")
    let start = at - 1
    while at < bytes.count, bytes[at] != 0x22 {
      guard bytes[at] >= 0x20 else { throw bad("no control characters in a string", shown()) }
      at += bytes[at] == 0x5c ? 2 : 1
    }
    guard at < bytes.count else { throw bad("the end of a string", "the end of the header") }
    at += 1
    guard String(validating: bytes[start..<at], as: UTF8.self) != nil,
      let decoded = try? JSONDecoder().decode(String.self, from: Data(bytes[start..<at]))
    else { throw bad("a valid UTF-8 string", shown()) }
    return decoded
  }

  /// Only spaces may follow.
  mutating func end() throws(CheckpointError) {
    skipSpace()
    guard at == bytes.count else { throw bad("the end of the header", shown()) }
  }
}
