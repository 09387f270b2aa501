/// An operation in an ONNX graph: NodeProto.
struct ONNXNode: ProtobufMessage {
  let type: String
  let name: String
  private(set) var inputs: [String]
  private(set) var outputs: [String]
  let attributes: [NamedAttribute]

  /// Gives a value another name, wherever it comes in or goes out.
  mutating func rename(_ old: String, _ new: String) {
    inputs = inputs.map { $0 == old ? new : $0 }
    outputs = outputs.map { $0 == old ? new : $0 }
  }

  func write(to writer: inout ProtobufWriter) {
    for input in inputs { writer.text(1, input) }
    for output in outputs { writer.text(2, output) }
    writer.text(3, name)
    writer.text(4, type)
    for attribute in attributes { writer.message(5, attribute) }
  }
}
