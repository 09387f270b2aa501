package import Foundation

/// Writes the wire format of protocol buffers: a tag, then a number or a length and bytes.
///
/// By hand, because smoot writes a handful of small messages and reads none: the library, its generator and their sources would be a hundred times this file. Fields come in
/// the order of their numbers and repeated numbers are not packed, as Google's own writers do for ONNX, so that the bytes are the same as theirs.
/// Source: Protocol Buffers, Encoding, https://protobuf.dev/programming-guides/encoding.
package struct ProtobufWriter {
  /// What was written so far.
  package private(set) var bytes = Data()

  private enum WireType: UInt64 {
    case variable = 0
    case bytes = 2
    case fourBytes = 5
  }

  /// Makes an empty message.
  package init() {}

  /// A whole number; a negative one takes ten bytes.
  package mutating func integer(_ field: Int, _ value: Int) {
    tag(field, .variable)
    variable(UInt64(bitPattern: Int64(value)))
  }

  /// A number of 32 bits.
  package mutating func float(_ field: Int, _ value: Float) {
    tag(field, .fourBytes)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Bytes with their length.
  package mutating func data(_ field: Int, _ value: Data) {
    tag(field, .bytes)
    variable(UInt64(value.count))
    bytes.append(value)
  }

  /// A text in UTF-8.
  package mutating func text(_ field: Int, _ value: String) { data(field, Data(value.utf8)) }

  /// A message inside this one.
  package mutating func message(_ field: Int, _ value: some ProtobufMessage) {
    data(field, value.bytes)
  }

  private mutating func tag(_ field: Int, _ type: WireType) {
    variable(UInt64(field) << 3 | type.rawValue)
  }

  /// Seven bits a byte, the lowest first; the highest bit says that more follow.
  private mutating func variable(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
