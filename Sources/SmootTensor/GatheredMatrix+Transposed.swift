import CSmootKernels

extension GatheredMatrix {
  /// The transpose of another matrix times this one: the gradient of a product with respect to its right operand, transposed.
  ///
  /// - Parameters:
  ///   - source: the rounded tensor that the rows lie in.
  ///   - gradient: [rows, columns], rounded.
  /// - Returns: [columns, depth], or `nil` where ``gradient(in:_:)`` of the other matrix serves better: for numbers of 32 bits, rows that are no whole vectors, and results too
  ///   small to occupy many threads.
  package func transposedGradient(in source: Operand, _ gradient: Operand) -> Tensor? {
    let columns = gradient.shape.count / max(1, rowCount)
    let (width, height) = (Self.pieceWidth, Int(SMOOT_GATHER_PIECE))
    let (wide, tall) = ((depth + width - 1) / width, (columns + height - 1) / height)
    guard case .bfloat16(let source) = source.numbers,
      case .bfloat16(let gradient) = gradient.numbers, runLength.isMultiple(of: 16),
      tall * wide >= Shards.most
    else { return nil }
    let (depth, rowCount) = (depth, rowCount)
    return Tensor(uninitialized: [columns, depth]) { result in
      withPairedMatrix(at: source.halves) { matrix in
        parallelFor(tall * wide) { task in
          let (first, column) = (task % wide * width, task / wide * height)
          let status = smoot_gathered_gradient_rows_bfloat16(
            matrix, 0, rowCount, first, min(depth, first + width), min(height, columns - column),
            gradient.halves + column, columns, result + column * depth, depth)
          precondition(status == 0, "there is no memory left for a piece of a gradient")
        }
      }
      withExtendedLifetime((source, gradient)) {}
    }
  }

  /// Elements of a piece of rows: a few panels for each packing of the gradient.
  private static let pieceWidth = 384
}
