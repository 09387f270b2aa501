/// A tensor in an ONNX graph that is being built: an input, a constant or the result of a node.
public struct GraphValue: Hashable, Sendable {
  /// Its name, unique in the graph.
  public let name: String

  /// An optional input of a node that is left out though others follow.
  public static let absent = GraphValue(name: "")
}
