package import SmootTensor

/// Addition with broadcasting.
package struct Addition: AffineOperation {
  package let name = "add"
  package let left: Shape
  package let right: Shape

  package func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    [needs[0] ? gradient.summed(to: left) : nil, needs[1] ? gradient.summed(to: right) : nil]
  }
}

/// Subtraction with broadcasting.
struct Subtraction: AffineOperation {
  let name = "subtract"
  let left: Shape
  let right: Shape

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    [needs[0] ? gradient.summed(to: left) : nil, needs[1] ? (-gradient).summed(to: right) : nil]
  }
}

/// Multiplication, element by element, with broadcasting.
package struct Multiplication: Operation {
  package let name = "multiply"
  package let left: Tensor
  package let right: Tensor

  package func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    [
      needs[0] ? (gradient * right).summed(to: left.shape) : nil,
      needs[1] ? (gradient * left).summed(to: right.shape) : nil,
    ]
  }
}

/// Division, element by element, with broadcasting.
struct Division: Operation {
  let name = "divide"
  let left: Tensor
  let right: Tensor

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    let overRight = gradient / right
    return [
      needs[0] ? overRight.summed(to: left.shape) : nil,
      needs[1] ? (-(overRight * left / right)).summed(to: right.shape) : nil,
    ]
  }
}

/// Multiplication of each element by one number, which is not differentiated.
package struct Scaling: AffineOperation {
  package let name = "scale"
  package let factor: Float

  package func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] { [gradient * factor] }
}

extension Variable {
  /// The sum, element by element, after broadcasting.
  public static func + (a: Variable, b: Variable) -> Variable {
    record(
      Addition(left: a.shape, right: b.shape), inputs: [a, b], output: a.value + b.value)
  }

  /// The difference, element by element, after broadcasting.
  public static func - (a: Variable, b: Variable) -> Variable {
    record(
      Subtraction(left: a.shape, right: b.shape), inputs: [a, b], output: a.value - b.value)
  }

  /// The product, element by element, after broadcasting.
  public static func * (a: Variable, b: Variable) -> Variable {
    record(
      Multiplication(left: a.value, right: b.value), inputs: [a, b], output: a.value * b.value)
  }

  /// The quotient, element by element, after broadcasting.
  public static func / (a: Variable, b: Variable) -> Variable {
    record(Division(left: a.value, right: b.value), inputs: [a, b], output: a.value / b.value)
  }

  /// Each element times a number.
  public static func * (a: Variable, factor: Float) -> Variable {
    record(Scaling(factor: factor), inputs: [a], output: a.value * factor)
  }
}
