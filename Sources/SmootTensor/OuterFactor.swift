import CSmootKernels

/// The rows of a matrix as a factor of an outer product, the transpose of one matrix times another: the gradient of a linear map with respect to its weight.
///
/// Parts of a computation write the rows, in pieces and in any order. Floats are multiplied where they lie; rounded numbers are put in pairs of neighbours of a column, in panels of some
/// columns.
package struct OuterFactor<Number: ProductNumber> {
  /// The factor that the matrix will be.
  package enum Side {
    /// It is transposed.
    case left
    /// It stays as it is.
    case right

    var panel: Int {
      switch self {
      case .left: Int(SMOOT_OUTER_LEFT)
      case .right: Int(SMOOT_OUTER_RIGHT)
      }
    }
  }

  private let storage: TensorStorage
  private let side: Side
  private let columns: Int
  /// Rows that are written at a time; only the last time they may be fewer.
  private let piece: Int
  /// Elements in a column: numbers, or pairs of them.
  private let depth: Int

  /// Makes room for rows, their values undefined.
  ///
  /// - Parameters:
  ///   - rows: how many there are.
  ///   - columns: numbers in each.
  ///   - piece: how many of them are written at a time; only the last time they may be fewer.
  ///   - side: which factor they will be.
  package init(rows: Int, columns: Int, piece: Int, _ side: Side) {
    self.init(rows, columns, piece, side, nil)
  }

  /// The left factor that the rows of a tensor are: there already where they are floats, or to be written.
  package init(_ rows: Tensor, piece: Int) {
    self.init(
      rows.shape[0], rows.shape[1], piece, .left,
      Number.precision == .float32 ? rows.storage : nil)
  }

  private init(
    _ rows: Int, _ columns: Int, _ piece: Int, _ side: Side, _ storage: TensorStorage?
  ) {
    (self.columns, self.piece, self.side) = (columns, piece, side)
    depth = rows / piece * Number.elements(piece) + Number.elements(rows % piece)
    let width = Number.precision == .float32 ? columns : (columns + 15) / 16 * 16
    // Whole vectors of the last row are read.
    self.storage = storage ?? TensorStorage(count: depth * width + 15)
  }

  /// Where the numbers of a piece are to be written, row by row.
  ///
  /// - Parameters:
  ///   - index: which piece.
  ///   - scratch: room for its numbers.
  package func rows(
    ofPiece index: Int, scratch: UnsafeMutablePointer<Number>
  ) -> UnsafeMutablePointer<Number> {
    guard Number.precision == .float32 else { return scratch }
    return UnsafeMutableRawPointer(storage.start + index * piece * columns)
      .assumingMemoryBound(to: Number.self)
  }

  /// Takes up the numbers of a piece that are written.
  ///
  /// - Parameters:
  ///   - rows: how many rows they are.
  ///   - index: which piece.
  ///   - source: where they were written.
  package func takeUp(_ rows: Int, ofPiece index: Int, _ source: UnsafePointer<Number>) {
    guard Number.precision == .bfloat16 else { return }
    smoot_panels_bfloat16(
      rows, columns, side.panel, depth, index * Number.elements(piece),
      UnsafeRawPointer(source).assumingMemoryBound(to: UInt16.self), storage.start)
  }

  /// The transpose of this matrix times another one, written in the same pieces.
  ///
  /// - Returns: [columns of this one, columns of the other].
  /// - Precondition: this is a left factor, the other a right one, and both have the same rows.
  package func transposedProduct(_ right: OuterFactor) -> Tensor {
    precondition(
      side == .left && right.side == .right && depth == right.depth,
      "\(depth) elements of a column do not meet \(right.depth)")
    let (height, width) = (columns, right.columns)
    let (tall, wide) = (side.panel, right.side.panel)
    let (down, across) = ((height + tall - 1) / tall, (width + wide - 1) / wide)
    return Tensor(uninitialized: [height, width]) { result in
      parallelFor(down * across) { task in
        let (row, column) = (task / across * tall, task % across * wide)
        let (left, other) = (panel(row), right.panel(column))
        Number.outerProduct(
          depth, min(tall, height - row), min(wide, width - column), left.start, left.stride,
          other.start, other.stride, width, result + row * width + column)
      }
      withExtendedLifetime((self, right)) {}
    }
  }

  /// Where the panel begins that begins with a column, and how far its rows lie apart.
  private func panel(_ column: Int) -> (start: UnsafePointer<Float>, stride: Int) {
    switch Number.precision {
    case .float32: return (UnsafePointer(storage.start + column), columns)
    case .bfloat16:
      let width = min(side.panel, columns - column)
      // A panel begins where those before it end.
      return (UnsafePointer(storage.start + column * depth), (width + 15) / 16 * 16)
    }
  }
}
