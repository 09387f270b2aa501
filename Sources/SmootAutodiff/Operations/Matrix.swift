import CSmootKernels
package import SmootTensor

/// The product of matrices, or of as many pairs of matrices as the leading axes count.
package struct MatrixProduct: Operation {
  package let name = "matrix product"
  package let left: Tensor
  package let right: Tensor

  package func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
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
