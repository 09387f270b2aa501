extension Tensor {
  /// The transpose of this matrix times another one: the gradient of a linear map with respect to its weight.
  ///
  /// - Parameter right: [rows, columns], of the same precision.
  /// - Returns: [columns of this one, columns of the other].
  /// - Precondition: this is [rows, columns].
  package func transposedProduct(_ right: Tensor) -> Tensor {
    precondition(
      right.shape[0] == shape[0] && right.precision == precision,
      "\(shape[0]) rows of \(precision) do not meet \(right.shape[0]) of \(right.precision)")
    switch precision {
    case .float32: return .product(self, right, transposeA: true)
    case .bfloat16:
      return roundedFactor(.left).transposedProduct(right.roundedFactor(.right))
    }
  }

  private func roundedFactor(_ side: OuterFactor<UInt16>.Side) -> OuterFactor<UInt16> {
    let (rows, columns, piece) = (shape[0], shape[1], 128)
    let factor = OuterFactor<UInt16>(rows: rows, columns: columns, piece: piece, side)
    withNumbers { numbers in
      parallelRanges(rows, grain: piece) { range in
        factor.takeUp(
          range.count, ofPiece: range.lowerBound / piece, numbers + range.lowerBound * columns)
      }
    }
    return factor
  }
}
