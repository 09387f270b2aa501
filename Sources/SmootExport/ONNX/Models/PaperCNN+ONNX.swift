public import SmootNN

extension PaperCNN: ONNXExportable {
  /// The network in a graph.
  public func logits(_ images: GraphValue, _ graph: GraphBuilder) -> GraphValue {
    var x = graph.relu(conv1(images, graph))
    x = graph.maxPool(graph.relu(conv2(x, graph)), size: 2, stride: 2)
    x = head(x, graph)
    if let fc1 { x = graph.relu(fc1(x, graph)) }
    return fc2(x, graph)
  }
}
