import Foundation

/// Reads the wire format of protocol buffers, for tests of what was written.
struct ProtobufReader {
  enum Value {
    case number(UInt64)
    case bytes(Data)
  }

  /// The fields in their order.
  let fields: [(number: Int, value: Value)]

  struct Damaged: Error {}

  init(_ data: Data) throws {
    let bytes = [UInt8](data)
    var place = 0
    func variable() throws -> UInt64 {
      var (result, shift) = (UInt64(0), UInt64(0))
      while true {
        guard place < bytes.count, shift < 64 else { throw Damaged() }
        result |= UInt64(bytes[place] & 0x7f) << shift
        place += 1
        if bytes[place - 1] < 0x80 { return result }
        shift += 7
      }
    }
    func take(_ count: Int) throws -> Data {
      guard count >= 0, place + count <= bytes.count else { throw Damaged() }
      defer { place += count }
      return Data(bytes[place..<place + count])
    }
    var fields: [(Int, Value)] = []
    while place < bytes.count {
      let tag = try variable()
      switch tag & 7 {
      case 0: fields.append((Int(tag >> 3), .number(try variable())))
      case 2: fields.append((Int(tag >> 3), .bytes(try take(Int(try variable())))))
      case 5: fields.append((Int(tag >> 3), .bytes(try take(4))))
      default: throw Damaged()
      }
    }
    self.fields = fields
  }

  func numbers(_ field: Int) -> [Int] {
    fields.compactMap { item in
      guard item.number == field, case .number(let value) = item.value else { return nil }
      return Int(Int64(bitPattern: value))
    }
  }

  func data(_ field: Int) -> [Data] {
    fields.compactMap { item in
      guard item.number == field, case .bytes(let value) = item.value else { return nil }
      return value
    }
  }

  func texts(_ field: Int) -> [String] { data(field).map { String(decoding: $0, as: UTF8.self) } }

  func messages(_ field: Int) throws -> [ProtobufReader] {
    try data(field).map { try ProtobufReader($0) }
  }
}
