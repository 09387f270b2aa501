public import SmootNN

extension LayerNorm {
  /// The layer in a graph.
  public func callAsFunction(_ input: GraphValue, _ graph: GraphBuilder) -> GraphValue {
    graph.node(
      "LayerNormalization", [input, graph.parameter(weight), graph.parameter(bias)],
      ["axis": .integer(-1), "epsilon": .float(epsilon)], name: weight.layerName)
  }
}
