package import SmootTensor

/// A sum over axes.
package struct Sum: AffineOperation {
  package let name = "sum"
  package let input: Shape
  package let scale: Float

  package func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    [(scale == 1 ? gradient : gradient * scale).broadcast(to: input)]
  }
}

/// A maximum over axes; the gradient goes to the first element that attains it.
package struct Maximum: Operation {
  package let name = "maximum"
  package let input: Tensor
  package let output: Tensor

  package func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    let maxima = output.broadcast(to: input.shape)
    // Which result each element of the input went into.
    let places = Tensor((0..<output.count).map(Float.init), shape: output.shape)
      .broadcast(to: input.shape)
    var isTaken = [Bool](repeating: false, count: output.count)
    let gradients = gradient.scalars
    let (values, targets) = (maxima.scalars, places.scalars)
    let result = zip(input.scalars, zip(values, targets)).map { element, place -> Float in
      let target = Int(place.1)
      guard !isTaken[target], element == place.0 else { return 0 }
      isTaken[target] = true
      return gradients[target]
    }
    return [Tensor(result, shape: input.shape)]
  }
}

extension Variable {
  /// The sum over some axes, which keep extent 1.
  public func sum(over axes: [Int]) -> Variable {
    Self.record(Sum(input: shape, scale: 1), inputs: [self], output: value.sum(over: axes))
  }

  /// The sum of all elements, as a tensor without axes.
  public func sum() -> Variable { sum(over: Array(0..<shape.rank)).reshaped(to: []) }

  /// The mean over some axes, which keep extent 1.
  public func mean(over axes: [Int]) -> Variable {
    let elements = axes.reduce(1) { $0 * shape[$1] }
    return Self.record(
      Sum(input: shape, scale: 1 / Float(elements)), inputs: [self],
      output: value.mean(over: axes))
  }

  /// The mean of all elements, as a tensor without axes.
  public func mean() -> Variable { mean(over: Array(0..<shape.rank)).reshaped(to: []) }

  /// The maximum over some axes, which keep extent 1.
  public func maximum(over axes: [Int]) -> Variable {
    let output = value.maximum(over: axes)
    return Self.record(Maximum(input: value, output: output), inputs: [self], output: output)
  }
}
