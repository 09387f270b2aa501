public import SmootNN

extension ResNet: ONNXExportable {
  /// The network in a graph.
  public func logits(_ images: GraphValue, _ graph: GraphBuilder) -> GraphValue {
    var x = graph.relu(stemNorm(stem(images, graph), graph))
    if poolsStem { x = graph.maxPool(x, size: 3, stride: 2, padding: 1) }
    for block in blocks { x = block(x, graph) }
    return head(featureHead(x, graph), graph)
  }
}
