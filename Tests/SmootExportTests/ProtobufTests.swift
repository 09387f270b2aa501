import Foundation
import SmootExport
import Testing

/// The wire format against bytes worked out by hand.
@Suite struct ProtobufTests {
  private func bytes(_ write: (inout ProtobufWriter) -> Void) -> [UInt8] {
    var writer = ProtobufWriter()
    write(&writer)
    return [UInt8](writer.bytes)
  }

  @Test(
    arguments: [
      (1, 0, [0x08, 0x00]), (1, 150, [0x08, 0x96, 0x01]), (1, 127, [0x08, 0x7f]),
      (1, 128, [0x08, 0x80, 0x01]), (20, 2, [0xa0, 0x01, 0x02]),
      (3, -1, [0x18, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
    ] as [(Int, Int, [UInt8])])
  func writesIntegers(_ field: Int, _ value: Int, _ expected: [UInt8]) {
    #expect(bytes { $0.integer(field, value) } == expected)
  }

  @Test func writesTextsAndNumbers() {
    #expect(
      bytes { $0.text(2, "testing") } == [0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67])
    #expect(bytes { $0.text(1, "") } == [0x0a, 0x00])
    #expect(bytes { $0.float(2, 1) } == [0x15, 0x00, 0x00, 0x80, 0x3f])
    let long = bytes { $0.data(9, Data(count: 300)) }
    #expect(long.count == 303 && long[..<3] == [0x4a, 0xac, 0x02])
  }

  /// A message in a message: field 3 with the field 1 = 150 inside, the example of the format's documentation.
  @Test func writesMessages() {
    struct Inner: ProtobufMessage {
      func write(to writer: inout ProtobufWriter) { writer.integer(1, 150) }
    }
    #expect(bytes { $0.message(3, Inner()) } == [0x1a, 0x03, 0x08, 0x96, 0x01])
  }
}
