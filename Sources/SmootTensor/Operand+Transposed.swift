import CSmootKernels

extension Operand {
  /// The transpose of this matrix times another one: the gradient of a linear map with respect to its weight.
  ///
  /// - Parameter right: [rows, columns], rounded as this one is.
  /// - Returns: [columns of this one, columns of the other].
  /// - Precondition: this is [rows, columns], and its numbers are rounded.
  package func transposedProduct(_ right: Operand) -> Tensor {
    let (rows, height, width) = (shape[0], shape[1], right.shape[1])
    precondition(right.shape[0] == rows, "\(rows) rows do not meet \(right.shape[0])")
    let (tall, wide) = (Int(SMOOT_PAIRED_LEFT), Int(SMOOT_PAIRED_RIGHT))
    let (left, across) = (paired(tall), (width + wide - 1) / wide)
    let (other, down) = (right.paired(wide), (height + tall - 1) / tall)
    // A panel begins where those before it end.
    let pairs = (rows + 1) / 2
    return Tensor(uninitialized: [height, width]) { result in
      parallelFor(down * across) { task in
        let (row, column) = (task / across * tall, task % across * wide)
        smoot_paired_product_bfloat16(
          rows, min(tall, height - row), min(wide, width - column), left.pairs + row * pairs,
          other.pairs + column * pairs, width, result + row * width + column)
      }
      withExtendedLifetime((left, other)) {}
    }
  }

  /// The rows in pairs, in panels of some columns.
  private func paired(_ panel: Int) -> TensorStorage {
    let (rows, columns) = (shape[0], shape[1])
    let storage = TensorStorage(count: smoot_paired_count(rows, columns))
    withRounded { numbers in
      parallelRanges(rows, grain: Int(SMOOT_PAIRED_ROWS)) {
        smoot_pair_rows_bfloat16(
          rows, columns, panel, $0.lowerBound, $0.upperBound, numbers, storage.pairs)
      }
    }
    return storage
  }
}

extension TensorStorage {
  /// The address as that of pairs of bfloat16 numbers.
  fileprivate var pairs: UnsafeMutablePointer<UInt32> {
    UnsafeMutableRawPointer(start).assumingMemoryBound(to: UInt32.self)
  }
}
