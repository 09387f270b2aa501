import Foundation
public import SmootAutodiff
import SmootCheckpoints
import SmootTensor

/// Collects the nodes and constants of an ONNX graph, operator set 17.
///
/// Layers apply themselves to values of a graph as they do to variables: `conv(x, graph)` for `conv(x, context)`. Images are [batch, channels, height, width] here, and weights
/// have the order of files, both of which are ONNX's.
public final class GraphBuilder {
  private(set) var nodes: [ONNXNode] = []
  private(set) var initializers: [ONNXInitializer] = []
  private var known: [String: GraphValue] = [:]
  private var names: Set<String> = []

  /// Makes an empty graph.
  package init() {}

  /// The result of a new node.
  ///
  /// - Parameters:
  ///   - type: the operator, such as `Conv`.
  ///   - inputs: what it is applied to, in ONNX's order.
  ///   - attributes: its constants.
  ///   - name: what to call node and result; without one the operator's name and a number.
  public func node(
    _ type: String, _ inputs: [GraphValue],
    _ attributes: KeyValuePairs<String, ONNXAttribute> = [:], name: String? = nil
  ) -> GraphValue {
    nodes(type, inputs, attributes, outputs: 1, name: name)[0]
  }

  /// The results of a new node that has several.
  ///
  /// - Parameters:
  ///   - type: the operator, such as `Split`.
  ///   - inputs: what it is applied to, in ONNX's order.
  ///   - attributes: its constants.
  ///   - outputs: how many results it has.
  ///   - name: what to call node and results; without one the operator's name and a number.
  public func nodes(
    _ type: String, _ inputs: [GraphValue],
    _ attributes: KeyValuePairs<String, ONNXAttribute> = [:], outputs: Int, name: String? = nil
  ) -> [GraphValue] {
    let name = unused(name ?? type)
    let results = (0..<outputs).map { index in
      GraphValue(name: outputs == 1 ? name : unused("\(name).\(index)"))
    }
    nodes.append(
      ONNXNode(
        type: type, name: name, inputs: inputs.map(\.name), outputs: results.map(\.name),
        attributes: attributes.map { NamedAttribute(name: $0.key, value: $0.value) }))
    return results
  }

  /// A parameter or a buffer under its own name, which is PyTorch's.
  public func parameter(_ parameter: Parameter) -> GraphValue {
    constant(parameter.name, TensorFile.Entry(parameter))
  }

  /// A number.
  public func number(_ value: Float) -> GraphValue {
    constant("number.\(value)", TensorFile.Entry(Tensor(value)))
  }

  /// A list of whole numbers, such as a shape.
  public func integers(_ values: [Int]) -> GraphValue {
    constant(
      "integers.\(values.map(String.init).joined(separator: "."))", entry(values, [values.count]))
  }

  /// A whole number.
  public func integer(_ value: Int) -> GraphValue {
    constant("integer.\(value)", entry([value], []))
  }

  /// Gives the result of the whole graph its name.
  func finish(_ result: GraphValue, as name: String) {
    guard let index = nodes.firstIndex(where: { $0.outputs.contains(result.name) }) else {
      // A network that hands on its input, or a constant.
      let output = ONNXNode(
        type: "Identity", name: unused("Identity"), inputs: [result.name], outputs: [name],
        attributes: [])
      return nodes.append(output)
    }
    for place in nodes[index...].indices { nodes[place].rename(result.name, name) }
  }

  /// The names of those parameters that the graph does without; counts of batches do nothing in evaluation mode.
  func missing(of parameters: [Parameter]) -> [String] {
    parameters.filter { $0.layout != .count && known[$0.name] == nil }.map(\.name)
  }

  /// How many bytes the constants have.
  var constantBytes: Int { initializers.reduce(0) { $0 + $1.entry.data.count } }

  /// The constant of a name; made when it is first asked for.
  private func constant(_ name: String, _ entry: @autoclosure () -> TensorFile.Entry) -> GraphValue
  {
    if let value = known[name] { return value }
    let value = GraphValue(name: unused(name))
    initializers.append(ONNXInitializer(name: value.name, entry: entry()))
    known[name] = value
    return value
  }

  private func entry(_ values: [Int], _ shape: [Int]) -> TensorFile.Entry {
    let data = values.map { Int64($0).littleEndian }.withUnsafeBytes { Data($0) }
    return TensorFile.Entry(type: "I64", shape: shape, data: data)
  }

  /// A name that nothing in the graph has yet.
  func unused(_ name: String) -> String {
    var candidate = name
    var number = 2
    while !names.insert(candidate).inserted {
      candidate = "\(name)_\(number)"
      number += 1
    }
    return candidate
  }
}
