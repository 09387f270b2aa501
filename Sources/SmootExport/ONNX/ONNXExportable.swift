public import SmootNN

/// A network that can say what it computes as an ONNX graph.
public protocol ONNXExportable: Classifier {
  /// Adds the network to a graph, as it is in evaluation mode.
  ///
  /// - Parameters:
  ///   - images: [batch, channels, height, width], normalized; the batch is known only when the graph is run.
  ///   - graph: where the nodes go.
  /// - Returns: logits [batch, classes].
  func logits(_ images: GraphValue, _ graph: GraphBuilder) -> GraphValue
}
