import CSmootKernels

/// Another form of a tensor's numbers: in an order in which products read them faster, or in another precision.
struct PackedForm: Hashable {
  enum Order: Hashable {
    /// That of the numbers themselves.
    case same
    /// The numbers as a matrix, or as its transpose.
    case matrix(rows: Int, columns: Int, isTransposed: Bool)
    /// The numbers as matrices of equal extents, of which some, transposed, follow one another.
    case stack(matrices: [Int], rows: Int, columns: Int)
    /// Weights of a 3x3 convolution, or of the one that gives the gradient of its images, transformed for Winograd's method.
    case winograd(inputs: Int, outputs: Int, stride: Int, isTurnedAround: Bool)
  }

  let order: Order
  let precision: Precision
}

extension Tensor {
  /// This matrix, or its transpose, in the form in which products read their right operand.
  ///
  /// - Parameters:
  ///   - isTransposed: whether it is transposed first.
  ///   - isKept: whether the tensor keeps the form until its numbers change: for weights, which many products share.
  ///   - precision: of the products.
  package func packed(
    isTransposed: Bool, isKept: Bool, _ precision: Precision = .float32
  ) -> Tensor {
    let order = PackedForm.Order.matrix(
      rows: shape[0], columns: shape[1], isTransposed: isTransposed)
    let (depth, columns) = isTransposed ? (shape[1], shape[0]) : (shape[0], shape[1])
    let (row, column) = isTransposed ? (1, shape[1]) : (shape[1], 1)
    return packed(
      PackedForm(order: order, precision: precision),
      count: smoot_packed_count(depth, columns), columns: columns, isKept: isKept
    ) { source, target, panel in
      switch precision {
      case .float32:
        smoot_pack_f32(
          depth, columns, panel.lowerBound, panel.upperBound, source, row, column, target.start)
      case .bfloat16:
        smoot_bfloat16_pack(
          depth, columns, panel.lowerBound, panel.upperBound, source, row, column, target.halves)
      }
    }
  }

  /// Some of the matrices [columns, rows] of a tensor [matrices, rows, columns], one below the other, in the form in which products read their right operand.
  ///
  /// - Parameters:
  ///   - matrices: which of them, in this order.
  ///   - precision: of the products.
  package func packedTransposes(of matrices: [Int], _ precision: Precision) -> Tensor {
    let (rows, columns) = (shape[1], shape[2])
    let depth = matrices.count * columns
    let order = PackedForm.Order.stack(matrices: matrices, rows: rows, columns: columns)
    return packed(
      PackedForm(order: order, precision: precision), count: smoot_packed_count(depth, rows),
      columns: rows, isKept: true
    ) { source, target, panel in
      let width = smoot_packed_count(1, panel.count)
      for (place, matrix) in matrices.enumerated() {
        let from = source + (matrix * rows + panel.lowerBound) * columns
        let offset = panel.lowerBound * depth + place * columns * width
        switch precision {
        case .float32:
          smoot_pack_f32(
            columns, panel.count, 0, panel.count, from, 1, columns, target.start + offset)
        case .bfloat16:
          smoot_bfloat16_pack(
            columns, panel.count, 0, panel.count, from, 1, columns, target.halves + offset)
        }
      }
    }
  }

  /// The numbers in another order; `pack` gets some of the columns, in whole panels, at a time.
  func packed(
    _ form: PackedForm, count: Int, columns: Int, isKept: Bool,
    _ pack: (UnsafePointer<Float>, TensorStorage, _ panel: Range<Int>) -> Void
  ) -> Tensor {
    func make() -> TensorStorage {
      let target = TensorStorage(count: count, form.precision)
      withPointers(self) { source in
        parallelRanges(columns, grain: Int(SMOOT_PANEL_COLUMNS)) { pack(source, target, $0) }
      }
      return target
    }
    return Tensor(shape: [count], storage: isKept ? storage.form(form, make: make) : make())
  }
}
