import CSmootKernels
package import SmootTensor

/// input x weight^T + bias.
package struct LinearMap: WeightedOperation {
  package let name = "linear"
  package let input: Tensor
  package let weight: Tensor

  package func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    [
      needs[0] ? .product(gradient, weight, keepsPacked: true) : nil,
      needs[1] ? .product(gradient, input, transposeA: true) : nil,
      needs[2] ? gradient.columnSums(gradient.shape[1]) : nil,
    ]
  }
}

extension LinearMap {
  package func applied(to input: Variable, weight: Variable, bias: Variable?) -> Variable {
    input.linear(weight, bias: bias ?? Variable(.zeros([weight.shape[0]])))
  }
}

/// GELU(input x weight^T + bias).
struct LinearGELU: Operation {
  let name = "linear, gelu"
  let map: LinearMap
  /// input x weight^T + bias.
  let argument: Tensor

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    map.backward(gradient.timesSlopeOfGELU(at: argument), needs: needs)
  }
}

extension Variable {
  /// Each row times the transposed weight, plus the bias.
  ///
  /// - Parameters:
  ///   - weight: [outputs, inputs].
  ///   - bias: [outputs].
  /// - Returns: [rows, outputs].
  /// - Precondition: this is [rows, inputs].
  public func linear(_ weight: Variable, bias: Variable) -> Variable {
    checkLinear(weight, bias)
    let columns = weight.shape[0]
    var output = Tensor(uninitialized: [0]) { _ in }
    withPointers(bias.value) { bias in
      output = .product(value, weight.value, transposeB: true, keepsPacked: true) {
        rows, count, _ in
        smoot_bias_add_f32(count, columns, bias, rows)
      }
    }
    return Self.record(
      LinearMap(input: value, weight: weight.value), inputs: [self, weight, bias], output: output)
  }

  /// ``linear(_:bias:)`` followed by ``gelu()``, in one pass over memory.
  public func linearGELU(_ weight: Variable, bias: Variable) -> Variable {
    checkLinear(weight, bias)
    let columns = weight.shape[0]
    var output = Tensor(uninitialized: [shape[0], columns]) { _ in }
    var argument = Tensor(uninitialized: [0]) { _ in }
    output.withMutablePointer { output in
      withPointers(bias.value) { bias in
        argument = .product(value, weight.value, transposeB: true, keepsPacked: true) {
          rows, count, first in
          smoot_bias_gelu_f32(count, columns, bias, rows, output + first * columns)
        }
      }
    }
    return Self.record(
      LinearGELU(map: LinearMap(input: value, weight: weight.value), argument: argument),
      inputs: [self, weight, bias], output: output)
  }

  private func checkLinear(_ weight: Variable, _ bias: Variable) {
    precondition(
      shape.rank == 2 && weight.shape.rank == 2 && shape[1] == weight.shape[1]
        && bias.shape == [weight.shape[0]],
      "rows of shape \(shape) do not fit a weight of shape \(weight.shape) with a bias of shape \(bias.shape)"
    )
  }
}
