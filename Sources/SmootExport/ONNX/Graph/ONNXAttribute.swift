/// A constant of a node in an ONNX graph, such as a stride.
public enum ONNXAttribute: Sendable, Equatable {
  /// A whole number.
  case integer(Int)
  /// Whole numbers.
  case integers([Int])
  /// A number.
  case float(Float)
  /// A text.
  case text(String)
}

/// An attribute with its name: ONNX's AttributeProto.
struct NamedAttribute: ProtobufMessage {
  let name: String
  let value: ONNXAttribute

  func write(to writer: inout ProtobufWriter) {
    writer.text(1, name)
    switch value {
    case .float(let number): writer.float(2, number)
    case .integer(let number): writer.integer(3, number)
    case .text(let text): writer.text(4, text)
    case .integers(let numbers): for number in numbers { writer.integer(8, number) }
    }
    writer.integer(20, type)
  }

  /// AttributeProto.AttributeType.
  private var type: Int {
    switch value {
    case .float: 1
    case .integer: 2
    case .text: 3
    case .integers: 7
    }
  }
}
