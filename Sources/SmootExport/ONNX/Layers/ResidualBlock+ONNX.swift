public import SmootNN

extension ResidualBlock {
  /// The block in a graph.
  public func callAsFunction(_ input: GraphValue, _ graph: GraphBuilder) -> GraphValue {
    var x = input
    for (index, (convolution, norm)) in zip(convolutions, norms).enumerated() {
      x = norm(convolution(x, graph), graph)
      if index < convolutions.count - 1 { x = graph.relu(x) }
    }
    let shortcut = projection.map { $0.norm($0.convolution(input, graph), graph) } ?? input
    return graph.relu(graph.add(x, shortcut))
  }
}
