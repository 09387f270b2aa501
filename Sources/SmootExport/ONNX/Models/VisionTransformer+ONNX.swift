public import SmootNN

extension VisionTransformer: ONNXExportable {
  /// The network in a graph.
  public func logits(_ images: GraphValue, _ graph: GraphBuilder) -> GraphValue {
    var tokens = embedded(images, graph)
    for block in blocks { tokens = block(tokens, tokens: tokenCount, graph) }
    let images = graph.reshape(tokens, [-1, tokenCount, extents.width])
    func scores(_ head: Linear, token: Int) -> GraphValue {
      let chosen = graph.node("Gather", [images, graph.integer(token)], ["axis": .integer(1)])
      return head(norm(chosen, graph), graph)
    }
    let logits = scores(head, token: 0)
    guard let distillationHead else { return logits }
    return graph.multiply(
      graph.add(logits, scores(distillationHead, token: 1)), graph.number(0.5))
  }

  /// The tokens before the first block, [images x tokens, width].
  private func embedded(_ images: GraphValue, _ graph: GraphBuilder) -> GraphValue {
    let width = extents.width
    let patches = embedding.patches(of: images, size: extents.patchSize, graph)
    let columns = graph.transpose(graph.reshape(patches, [0, width, -1]), [0, 2, 1])
    let shape = graph.shape(batchOf: images, then: [1, width])
    let prefix = [classToken, distillationToken].compactMap(\.self).map {
      graph.node("Expand", [graph.parameter($0), shape])
    }
    let tokens = graph.node("Concat", prefix + [columns], ["axis": .integer(1)])
    return graph.reshape(graph.add(tokens, graph.parameter(positions)), [-1, width])
  }
}
