import CSmootKernels

/// A product that is computed in pieces of rows, where and when they are wanted.
package struct RowProduct<Number: ProductNumber> {
  private let matrix: GatheredMatrix
  private let packed: Tensor
  private let columns: Int
  private let targets: [Int]

  /// Makes a product.
  ///
  /// - Parameters:
  ///   - matrix: the left operand.
  ///   - packed: the right operand (``Tensor/packed(isTransposed:isKept:_:)``).
  ///   - columns: its columns.
  ///   - rowsOfResult: row i of the product is written at row i modulo this number.
  package init(_ matrix: GatheredMatrix, _ packed: Tensor, columns: Int, rowsOfResult: Int) {
    precondition(packed.precision == Number.precision, "a product of two precisions")
    precondition(
      Number.precision == .float32 || matrix.runLength.isMultiple(of: 2),
      "runs of \(matrix.runLength) numbers cannot be taken in pairs")
    self.matrix = matrix
    self.packed = packed
    self.columns = columns
    targets = (0..<matrix.rowCount).map { $0 % rowsOfResult * columns }
  }

  /// The product of rows that lie in one piece and a weight.
  ///
  /// - Parameters:
  ///   - rows: the most rows there are at a time.
  ///   - weight: the right operand.
  ///   - isTransposed: whether it is transposed first.
  package init(of rows: Int, _ weight: Tensor, isTransposed: Bool) {
    let (depth, columns) = (weight.shape[isTransposed ? 1 : 0], weight.shape[isTransposed ? 0 : 1])
    self.init(
      GatheredMatrix(rows: rows, columns: depth),
      weight.packed(isTransposed: isTransposed, isKept: true, Number.precision),
      columns: columns, rowsOfResult: rows)
  }

  /// Computes some rows.
  ///
  /// - Parameters:
  ///   - source: the numbers that the matrix lies in.
  ///   - rows: which rows of it.
  ///   - bias: what is added to each row, if anything.
  ///   - addend: what is then added to each element, if anything; lies as the result does.
  ///   - result: where the first row of the result begins.
  package func callAsFunction(
    _ source: UnsafePointer<Number>, _ rows: Range<Int>, bias: UnsafePointer<Float>? = nil,
    adding addend: UnsafePointer<Float>? = nil, into result: UnsafeMutablePointer<Float>
  ) {
    var epilogue = smoot_epilogue(scale: nil, shift: bias, addend: addend, rectifies: 0)
    targets.withUnsafeBufferPointer { targets in
      matrix.withMatrix(at: source) { matrix in
        packed.withNumbers { packed in
          Number.gatheredProduct(
            matrix, rows.lowerBound, rows.upperBound, columns, packed, &epilogue,
            targets.baseAddress, result)
        }
      }
    }
  }
}
