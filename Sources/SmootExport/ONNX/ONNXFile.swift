package import SmootNN
import SmootTensor

/// A whole ONNX file: ModelProto, version 8 of the format, operator set 17.
///
/// Both are old enough for every runtime in use, and young enough for layer normalization as one node. Source: https://github.com/onnx/onnx/blob/main/docs/IR.md.
package struct ONNXFile: ProtobufMessage {
  private static let formatVersion = 8
  private static let operatorSet = 17
  /// Readers of protocol buffers refuse messages of 2 GiB.
  package static let mostBytes = (1 << 31) - 1

  private let graph: GraphBuilder
  private let description: ExportDescription
  private let input: ONNXPort
  private let output: ONNXPort

  /// The file of a network.
  ///
  /// - Parameters:
  ///   - model: the network.
  ///   - description: what the file says about it.
  ///   - most: how many bytes it may have.
  /// - Throws: ``ExportError`` when the network has no graph or one that leaves out parameters, or the file would be too large.
  package init(
    _ model: any Classifier, _ description: ExportDescription, most: Int = mostBytes
  ) throws(ExportError) {
    // What is frozen makes no difference to what is computed.
    let whole = (model as? FrozenClassifier)?.base ?? model
    let resizing = whole as? ResizingClassifier
    guard let network = (resizing?.base ?? whole) as? any ONNXExportable else {
      throw .withoutGraph(model: description.model, type: "\(type(of: resizing?.base ?? whole))")
    }
    let graph = GraphBuilder()
    let images = GraphValue(name: graph.unused("images"))
    let name = graph.unused("logits")
    let logits = network.logits(resizing?.resized(images, graph) ?? images, graph)
    graph.finish(logits, as: name)
    let missing = graph.missing(of: model.parameters + model.buffers)
    guard missing.isEmpty else {
      throw .incompleteGraph(model: description.model, missing: missing)
    }
    // Nodes, names and texts take a few MiB at the most; this is known before any byte is written.
    guard graph.constantBytes + (1 << 24) <= most else {
      throw .tooLarge(model: description.model, bytes: graph.constantBytes, most: most)
    }
    self.graph = graph
    self.description = description
    input = ONNXPort(
      name: images.name,
      extents: [.named("batch")] + model.inputSize.dimensions.map(ONNXPort.Extent.fixed),
      note: "Normalized images: (pixel / 255 - mean) / std for each channel; the metadata has both."
    )
    output = ONNXPort(
      name: name, extents: [.named("batch"), .fixed(model.classCount)],
      note: "Scores before the softmax, in the order of the class names in the metadata.")
  }

  /// How many tensors the graph holds: weights, and the constants of its operations.
  package var tensorCount: Int { graph.initializers.count }

  package func write(to writer: inout ProtobufWriter) {
    writer.integer(1, Self.formatVersion)
    writer.text(2, "smoot")
    writer.text(3, description.version)
    writer.text(6, description.sentence)
    writer.message(7, Graph(file: self))
    writer.message(8, OperatorSet(version: Self.operatorSet))
    for (key, value) in description.texts { writer.message(14, Text(key: key, value: value)) }
  }

  /// GraphProto.
  private struct Graph: ProtobufMessage {
    let file: ONNXFile

    func write(to writer: inout ProtobufWriter) {
      for node in file.graph.nodes { writer.message(1, node) }
      writer.text(2, file.description.model)
      for initializer in file.graph.initializers { writer.message(5, initializer) }
      writer.text(10, file.description.sentence)
      writer.message(11, file.input)
      writer.message(12, file.output)
    }
  }

  /// OperatorSetIdProto of ONNX's own operators.
  private struct OperatorSet: ProtobufMessage {
    let version: Int

    func write(to writer: inout ProtobufWriter) {
      writer.text(1, "")
      writer.integer(2, version)
    }
  }

  /// StringStringEntryProto.
  private struct Text: ProtobufMessage {
    let key: String
    let value: String

    func write(to writer: inout ProtobufWriter) {
      writer.text(1, key)
      writer.text(2, value)
    }
  }
}
