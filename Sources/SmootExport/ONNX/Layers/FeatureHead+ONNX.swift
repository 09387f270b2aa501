public import SmootNN
import SmootTensor

extension FeatureHead {
  /// The head in a graph, applied to feature maps [batch, channels, height, width]; nothing is dropped, as in evaluation mode.
  ///
  /// - Returns: [batch, outputs], the cells of a channel side by side where they are all there.
  public func callAsFunction(_ features: GraphValue, _ graph: GraphBuilder) -> GraphValue {
    var x = features
    let (height, width) = (input.height / grid.rows, input.width / grid.columns)
    if height > 1 || width > 1 {
      x = graph.node(
        "AveragePool", [x],
        ["kernel_shape": .integers([height, width]), "strides": .integers([height, width])])
    }
    if hasAttention { x = attended(x, graph) }
    return options.readout == .flatten
      ? graph.flatten(x) : graph.flatten(graph.node("GlobalAveragePool", [x]))
  }

  /// softmax(X X^T / √channels) X, with a row of X for each cell.
  private func attended(_ features: GraphValue, _ graph: GraphBuilder) -> GraphValue {
    let keys = graph.reshape(features, [0, input.channels, -1])
    let tokens = graph.transpose(keys, [0, 2, 1])
    let scale = graph.number(1 / Float(input.channels).squareRoot())
    let scores = graph.node("MatMul", [graph.multiply(tokens, scale), keys])
    let weights = graph.node("Softmax", [scores], ["axis": .integer(-1)], name: "head.attention")
    let mixed = graph.transpose(graph.node("MatMul", [weights, tokens]), [0, 2, 1])
    return graph.reshape(mixed, [0, input.channels, grid.rows, grid.columns])
  }
}
