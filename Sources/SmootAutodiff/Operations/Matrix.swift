import CSmootKernels
import SmootTensor

/// input x weight^T + bias.
struct LinearMap: Operation {
  let name = "linear"
  let input: Tensor
  let weight: Tensor

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    [
      needs[0] ? .product(gradient, weight) : nil,
      needs[1] ? .product(gradient, input, transposeA: true) : nil,
      needs[2] ? gradient.columnSums(gradient.shape[1]) : nil,
    ]
  }
}

/// The product of matrices, or of as many pairs of matrices as the leading axes count.
struct MatrixProduct: Operation {
  let name = "matrix product"
  let left: Tensor
  let right: Tensor

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    [
      needs[0] ? Self.forward(gradient, right, transposeRight: true) : nil,
      needs[1] ? Self.forward(left, gradient, transposeLeft: true) : nil,
    ]
  }

  static func forward(
    _ left: Tensor, _ right: Tensor, transposeLeft: Bool = false, transposeRight: Bool = false
  ) -> Tensor {
    if left.shape.rank == 2 {
      return .product(left, right, transposeA: transposeLeft, transposeB: transposeRight)
    }
    let rank = left.shape.rank
    let (rows, inner) = (left.shape[rank - 2], left.shape[rank - 1])
    let (m, k) = transposeLeft ? (inner, rows) : (rows, inner)
    let n = transposeRight ? right.shape[rank - 2] : right.shape[rank - 1]
    let pairs = left.shape.dimensions[..<(rank - 2)].reduce(1, *)
    let ldb = right.shape[rank - 1]
    return Tensor(
      uninitialized: Shape(Array(left.shape.dimensions[..<(rank - 2)]) + [m, n])
    ) { target in
      withPointers(left, right) { left, right in
        parallelFor(pairs) { pair in
          smoot_sgemm(
            transposeLeft ? 1 : 0, transposeRight ? 1 : 0, m, n, k, 1, left + pair * m * k, inner,
            right + pair * k * n, ldb, 0, target + pair * m * n, n)
        }
      }
    }
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
    precondition(
      shape.rank == 2 && weight.shape.rank == 2 && shape[1] == weight.shape[1]
        && bias.shape == [weight.shape[0]],
      "rows of shape \(shape) do not fit a weight of shape \(weight.shape) with a bias of shape \(bias.shape)"
    )
    var output = Tensor.product(value, weight.value, transposeB: true)
    let (rows, columns) = (shape[0], weight.shape[0])
    withPointers(bias.value) { bias in
      output.withMutablePointer { smoot_bias_add_f32(rows, columns, bias, $0) }
    }
    return Self.record(
      LinearMap(input: value, weight: weight.value), inputs: [self, weight, bias], output: output)
  }

  /// The product of two matrices, or of each pair of matrices in two stacks of them.
  ///
  /// - Precondition: both have the same leading axes, and the inner extents agree.
  public func matrixProduct(_ other: Variable) -> Variable {
    let rank = shape.rank
    precondition(
      rank >= 2 && other.shape.rank == rank && shape[rank - 1] == other.shape[rank - 2]
        && shape.dimensions[..<(rank - 2)] == other.shape.dimensions[..<(rank - 2)],
      "\(shape) and \(other.shape) cannot be multiplied")
    return Self.record(
      MatrixProduct(left: value, right: other.value), inputs: [self, other],
      output: MatrixProduct.forward(value, other.value))
  }
}
