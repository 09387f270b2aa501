import SmootAutodiff
public import SmootNN
import SmootTensor

extension Conv2D {
  /// The layer in a graph.
  public func callAsFunction(_ input: GraphValue, _ graph: GraphBuilder) -> GraphValue {
    let size = Array(weight.value.shape.dimensions[..<2])
    let inputs = [input, graph.parameter(weight)] + (bias.map { [graph.parameter($0)] } ?? [])
    return graph.node(
      "Conv", inputs,
      [
        "dilations": .integers([geometry.dilation, geometry.dilation]),
        "group": .integer(geometry.groups), "kernel_shape": .integers(size),
        "pads": .integers(Array(repeating: geometry.padding, count: 4)),
        "strides": .integers([geometry.stride, geometry.stride]),
      ], name: weight.layerName)
  }
}
