import SmootAutodiff
public import SmootNN
import SmootTensor

extension TransformerBlock {
  /// The block in a graph, applied to tokens [images x tokens, width].
  public func callAsFunction(
    _ input: GraphValue, tokens: Int, _ graph: GraphBuilder
  ) -> GraphValue {
    let attended = projection(attention(qkv(norm1(input, graph), graph), tokens, graph), graph)
    let x = graph.add(input, attended)
    return graph.add(x, fc2(graph.gelu(fc1(norm2(x, graph), graph)), graph))
  }

  /// Softmax(queries x keys^T / √width of a head) x values, for each head.
  private func attention(
    _ packed: GraphValue, _ tokens: Int, _ graph: GraphBuilder
  ) -> GraphValue {
    let width = projection.weight.value.shape[0]
    let perHead = width / heads
    let parts = graph.nodes("Split", [packed], ["axis": .integer(-1)], outputs: 3)
      .map { graph.reshape($0, [-1, tokens, heads, perHead]) }
    let queries = graph.transpose(parts[0], [0, 2, 1, 3])
    let keys = graph.transpose(parts[1], [0, 2, 3, 1])
    let values = graph.transpose(parts[2], [0, 2, 1, 3])
    let scaled = graph.multiply(queries, graph.number(1 / Float(perHead).squareRoot()))
    let weights = graph.node(
      "Softmax", [graph.node("MatMul", [scaled, keys])], ["axis": .integer(-1)])
    let mixed = graph.node("MatMul", [weights, values])  // [images, heads, tokens, perHead]
    return graph.reshape(graph.transpose(mixed, [0, 2, 1, 3]), [-1, width])
  }
}
