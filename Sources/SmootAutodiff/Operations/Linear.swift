import CSmootKernels
public import SmootTensor

/// input x weight^T + bias.
package struct LinearMap: WeightedOperation {
  package let name = "linear"
  let input: Tensor
  let weight: Tensor

  package func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    let bias = needs[2] ? gradient.columnSums(gradient.shape[1]) : nil
    guard input.precision == .bfloat16 else {
      return [
        needs[0] ? .product(gradient, weight, keepsPacked: true) : nil,
        needs[1] ? .product(gradient, input, transposeA: true) : nil, bias,
      ]
    }
    let upstream = gradient.converted(to: .bfloat16)
    let matrix = GatheredMatrix(rows: gradient.shape[0], columns: gradient.shape[1])
    let packed = needs[0] ? weight.packed(isTransposed: false, isKept: true, .bfloat16) : nil
    return [
      packed.map { matrix.product(in: upstream, $0, columns: weight.shape[1]) },
      needs[1] ? upstream.transposedProduct(input) : nil, bias,
    ]
  }

  /// The map of the input.
  func forward(_ bias: Tensor) -> Tensor {
    let columns = weight.shape[0]
    switch input.precision {
    case .float32:
      return withPointers(bias) { bias in
        .product(input, weight, transposeB: true, keepsPacked: true) { rows, count in
          smoot_bias_add_f32(count, columns, bias, rows)
        }
      }
    case .bfloat16:
      let matrix = GatheredMatrix(rows: input.shape[0], columns: input.shape[1])
      return matrix.product(
        in: input, weight.packed(isTransposed: true, isKept: true, .bfloat16), columns: columns,
        ProductEpilogue(shift: bias))
    }
  }
}

extension LinearMap {
  package func applied(to input: Variable, weight: Variable, bias: Variable?) -> Variable {
    input.linear(weight, bias: bias ?? Variable(.zeros([weight.shape[0]])))
  }
}

extension Variable {
  /// Each row times the transposed weight, plus the bias.
  ///
  /// - Parameters:
  ///   - weight: [outputs, inputs].
  ///   - bias: [outputs].
  ///   - precision: of the products, which are computed in 32 bits where inputs or outputs are odd in number.
  /// - Returns: [rows, outputs].
  /// - Precondition: this is [rows, inputs].
  public func linear(
    _ weight: Variable, bias: Variable, _ precision: Precision = .float32
  ) -> Variable {
    precondition(
      shape.rank == 2 && weight.shape.rank == 2 && shape[1] == weight.shape[1]
        && bias.shape == [weight.shape[0]],
      "rows of shape \(shape) do not fit a weight of shape \(weight.shape) with a bias of shape \(bias.shape)"
    )
    let isPaired = weight.shape.dimensions.allSatisfy { $0.isMultiple(of: 2) }
    let map = LinearMap(
      input: value.converted(to: isPaired ? precision : .float32), weight: weight.value)
    return Self.record(map, inputs: [self, weight, bias], output: map.forward(bias.value))
  }
}
