public import SmootNN

extension BatchNorm2D {
  /// The layer in a graph, with the running statistics.
  public func callAsFunction(_ input: GraphValue, _ graph: GraphBuilder) -> GraphValue {
    let parameters = [weight, bias, runningMean, runningVariance]
    return graph.node(
      "BatchNormalization", [input] + parameters.map(graph.parameter),
      ["epsilon": .float(epsilon)], name: weight.layerName)
  }
}
