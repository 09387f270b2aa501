import SmootCheckpoints

/// A constant tensor of an ONNX graph: TensorProto.
struct ONNXInitializer: ProtobufMessage {
  let name: String
  let entry: TensorFile.Entry

  func write(to writer: inout ProtobufWriter) {
    for extent in entry.shape { writer.integer(1, extent) }
    writer.integer(2, Self.elementType(entry.type))
    writer.text(8, name)
    writer.data(9, entry.data)
  }

  /// TensorProto.DataType of a type's name in safetensors.
  static func elementType(_ name: String) -> Int {
    switch name {
    case "F32": 1
    case "I64": 7
    default: preconditionFailure("the graphs of smoot hold F32 and I64, not \(name)")
    }
  }
}
