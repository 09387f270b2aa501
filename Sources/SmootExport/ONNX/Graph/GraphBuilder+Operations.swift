extension GraphBuilder {
  /// The greater of a number and 0.
  public func relu(_ input: GraphValue) -> GraphValue { node("Relu", [input]) }

  /// The sum; extents of 1 are repeated.
  public func add(_ first: GraphValue, _ second: GraphValue) -> GraphValue {
    node("Add", [first, second])
  }

  /// The product; extents of 1 are repeated.
  public func multiply(_ first: GraphValue, _ second: GraphValue) -> GraphValue {
    node("Mul", [first, second])
  }

  /// The same numbers in another shape; an extent of 0 stays as it was, and one of -1 is whatever is left.
  public func reshape(_ input: GraphValue, _ shape: [Int]) -> GraphValue {
    node("Reshape", [input, integers(shape)])
  }

  /// The shape [batch of a value] + rest, whose batch is known only when the graph is run.
  public func shape(batchOf value: GraphValue, then rest: [Int]) -> GraphValue {
    let batch = node("Shape", [value], ["end": .integer(1), "start": .integer(0)])
    return node("Concat", [batch, integers(rest)], ["axis": .integer(0)])
  }

  /// The axes in another order.
  public func transpose(_ input: GraphValue, _ order: [Int]) -> GraphValue {
    node("Transpose", [input], ["perm": .integers(order)])
  }

  /// All axes but the first as one.
  public func flatten(_ input: GraphValue) -> GraphValue {
    node("Flatten", [input], ["axis": .integer(1)])
  }

  /// The largest number of each window of an image [batch, channels, height, width].
  public func maxPool(_ input: GraphValue, size: Int, stride: Int, padding: Int = 0) -> GraphValue {
    node(
      "MaxPool", [input],
      [
        "kernel_shape": .integers([size, size]),
        "pads": .integers([padding, padding, padding, padding]),
        "strides": .integers([stride, stride]),
      ])
  }

  /// GELU by the error function: x (1 + erf(x / √2)) / 2.
  ///
  /// In the form that PyTorch writes, which runtimes know and replace by one kernel; ONNX's own Gelu came with operator set 20.
  public func gelu(_ input: GraphValue) -> GraphValue {
    let ratio = node("Div", [input, number(Float(2).squareRoot())])
    let share = add(node("Erf", [ratio]), number(1))
    return multiply(multiply(input, share), number(0.5))
  }
}
