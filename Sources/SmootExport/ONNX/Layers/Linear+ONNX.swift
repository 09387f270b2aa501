public import SmootNN

extension Linear {
  /// The layer in a graph, applied to [rows, inputs].
  public func callAsFunction(_ input: GraphValue, _ graph: GraphBuilder) -> GraphValue {
    graph.node(
      "Gemm", [input, graph.parameter(weight), graph.parameter(bias)], ["transB": .integer(1)],
      name: weight.layerName)
  }

  /// The layer as an embedding of patches: images [batch, channels, height, width] become [batch, outputs, rows, columns].
  func patches(of images: GraphValue, size: Int, _ graph: GraphBuilder) -> GraphValue {
    graph.node(
      "Conv", [images, graph.parameter(weight), graph.parameter(bias)],
      ["kernel_shape": .integers([size, size]), "strides": .integers([size, size])],
      name: weight.layerName)
  }
}
