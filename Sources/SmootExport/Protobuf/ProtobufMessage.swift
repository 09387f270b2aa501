package import Foundation

/// A message of protocol buffers that can be written.
package protocol ProtobufMessage {
  /// Writes the fields, in the order of their numbers.
  func write(to writer: inout ProtobufWriter)
}

extension ProtobufMessage {
  /// The message's bytes.
  package var bytes: Data {
    var writer = ProtobufWriter()
    write(to: &writer)
    return writer.bytes
  }
}
