import CSmootKernels

/// An order of a tensor's numbers in which products read them faster.
enum PackedForm: Hashable {
  /// The numbers as a matrix, or as its transpose.
  case matrix(rows: Int, columns: Int, isTransposed: Bool)
  /// The numbers as matrices of equal extents, of which some, transposed, follow one another.
  case stack(matrices: [Int], rows: Int, columns: Int)
}

extension Tensor {
  /// This matrix, or its transpose, in the form in which products read their right operand.
  ///
  /// - Parameters:
  ///   - isTransposed: whether it is transposed first.
  ///   - isKept: whether the tensor keeps the form until its numbers change: for weights, which many products share.
  package func packed(isTransposed: Bool, isKept: Bool) -> Tensor {
    let form = PackedForm.matrix(rows: shape[0], columns: shape[1], isTransposed: isTransposed)
    let (k, n) = isTransposed ? (shape[1], shape[0]) : (shape[0], shape[1])
    let stride = shape[1]
    return packed(form, depth: k, columns: n, isKept: isKept) { source, target, panel in
      smoot_pack_f32(
        k, n, panel.lowerBound, panel.upperBound, source, isTransposed ? 1 : stride,
        isTransposed ? stride : 1, target)
    }
  }

  /// Some of the matrices [columns, rows] of a tensor [matrices, rows, columns], one below the other, in the form in which products read their right operand.
  ///
  /// - Parameter matrices: which of them, in this order.
  package func packedTransposes(of matrices: [Int]) -> Tensor {
    let (rows, columns) = (shape[1], shape[2])
    let depth = matrices.count * columns
    let form = PackedForm.stack(matrices: matrices, rows: rows, columns: columns)
    return packed(form, depth: depth, columns: rows, isKept: true) { source, target, panel in
      let width = smoot_packed_count(1, panel.count)
      for (place, matrix) in matrices.enumerated() {
        smoot_pack_f32(
          columns, panel.count, 0, panel.count,
          source + (matrix * rows + panel.lowerBound) * columns, 1, columns,
          target + panel.lowerBound * depth + place * columns * width)
      }
    }
  }

  private func packed(
    _ form: PackedForm, depth: Int, columns: Int, isKept: Bool,
    _ pack: (UnsafePointer<Float>, UnsafeMutablePointer<Float>, _ panel: Range<Int>) -> Void
  ) -> Tensor {
    let packedShape: Shape = [smoot_packed_count(depth, columns)]
    if isKept, let kept = storage.packed[form] { return Tensor(shape: packedShape, storage: kept) }
    let result = Tensor(uninitialized: packedShape) { target in
      withPointers(self) { source in
        parallelRanges(columns, grain: Int(SMOOT_PANEL_COLUMNS)) { pack(source, target, $0) }
      }
    }
    if isKept { storage.packed[form] = result.storage }
    return result
  }
}
