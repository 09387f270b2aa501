/// What goes into a graph or comes out of it: ONNX's ValueInfoProto of a float32 tensor.
struct ONNXPort: ProtobufMessage {
  let name: String
  let extents: [Extent]
  let note: String

  /// An extent: a number, or a name when it is known only when the graph is run.
  enum Extent: ProtobufMessage {
    case fixed(Int)
    case named(String)

    func write(to writer: inout ProtobufWriter) {
      switch self {
      case .fixed(let value): writer.integer(1, value)
      case .named(let name): writer.text(2, name)
      }
    }
  }

  private struct Extents: ProtobufMessage {
    let extents: [Extent]

    func write(to writer: inout ProtobufWriter) {
      for extent in extents { writer.message(1, extent) }
    }
  }

  func write(to writer: inout ProtobufWriter) {
    var tensor = ProtobufWriter()
    tensor.integer(1, ONNXInitializer.elementType("F32"))
    tensor.message(2, Extents(extents: extents))
    var type = ProtobufWriter()
    type.data(1, tensor.bytes)
    writer.text(1, name)
    writer.data(2, type.bytes)
    writer.text(3, note)
  }
}
