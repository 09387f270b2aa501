import CSmootKernels

/// A product of rounded numbers that is computed in pieces of rows, where and when they are wanted.
package struct RoundedProduct {
  private let matrix: GatheredMatrix
  private let packed: TensorStorage
  private let columns: Int
  private let targets: [Int]

  /// Makes a product.
  ///
  /// - Parameters:
  ///   - matrix: the left operand.
  ///   - packed: the right operand, rounded (``Tensor/packed(isTransposed:isKept:_:)``).
  ///   - columns: its columns.
  ///   - rowsOfResult: row i of the product is written at row i modulo this number.
  package init(
    _ matrix: GatheredMatrix, _ packed: Operand, columns: Int, rowsOfResult: Int
  ) {
    guard case .bfloat16(let storage) = packed.numbers else {
      preconditionFailure("a product of two precisions")
    }
    self.matrix = matrix
    self.packed = storage
    self.columns = columns
    targets = (0..<matrix.rowCount).map { $0 % rowsOfResult * columns }
  }

  /// The product of rounded rows that lie in one piece and a weight.
  ///
  /// - Parameters:
  ///   - rows: how many rows there are.
  ///   - weight: the right operand.
  ///   - isTransposed: whether it is transposed first.
  ///   - rowsOfResult: row i of the product is written at row i modulo this number.
  package init(of rows: Int, _ weight: Tensor, isTransposed: Bool, rowsOfResult: Int) {
    let (depth, columns) = (weight.shape[isTransposed ? 1 : 0], weight.shape[isTransposed ? 0 : 1])
    self.init(
      GatheredMatrix(rows: rows, columns: depth),
      weight.packed(isTransposed: isTransposed, isKept: true, .bfloat16), columns: columns,
      rowsOfResult: rowsOfResult)
  }

  /// Computes some rows.
  ///
  /// - Parameters:
  ///   - source: the rounded numbers that the matrix lies in.
  ///   - rows: which rows of it.
  ///   - bias: what is added to each row, if anything.
  ///   - result: where the first row of the result begins.
  package func callAsFunction(
    _ source: UnsafePointer<UInt16>, _ rows: Range<Int>, bias: UnsafePointer<Float>? = nil,
    into result: UnsafeMutablePointer<Float>
  ) {
    var epilogue = smoot_epilogue(scale: nil, shift: bias, addend: nil, rectifies: 0)
    targets.withUnsafeBufferPointer { targets in
      matrix.withPairedMatrix(at: source) {
        smoot_gathered_product_bfloat16(
          $0, rows.lowerBound, rows.upperBound, columns, packed.halves, &epilogue,
          targets.baseAddress, result)
      }
    }
  }
}
