import CSmootKernels

/// A matrix that is read where its numbers lie in a tensor, in runs of neighbours, instead of being written down.
///
/// The pixels under a convolution's kernel are the rows of such a matrix, and the convolution a product with it.
package struct GatheredMatrix {
  /// Where each row begins in the tensor.
  private let rows: [Int]
  /// Where the runs of a row begin, from the beginning of the row.
  private let runs: [Int]
  /// The rows of the right operand with which the runs are multiplied begin there.
  private let factors: [Int]
  private let factorCount: Int
  let runLength: Int

  /// How many rows there are.
  package var rowCount: Int { rows.count }
  /// Elements of a row.
  package var depth: Int { runs.count * runLength }

  /// The rows of a matrix that lies in one piece.
  package init(rows: Int, columns: Int) {
    self.init(rows: (0..<rows).map { $0 * columns }, segments: [0], length: columns)
  }

  /// Makes a matrix.
  ///
  /// - Parameters:
  ///   - rows: where each row begins in the tensor.
  ///   - segments: where segments of neighbours begin, from the beginning of the row.
  ///   - length: the elements of each segment.
  ///   - factors: where the rows of a right operand begin with which the segments are multiplied; if left out, one segment's follow another's.
  ///   - factorCount: how many rows a right operand has; if left out, as many as a row of this matrix has elements.
  package init(
    rows: [Int], segments: [Int], length: Int, factors: [Int]? = nil, factorCount: Int? = nil
  ) {
    let factors = factors ?? segments.indices.map { $0 * length }
    let joined = Self.joined(segments, factors, length: length)
    let whole = joined * length
    // Rounded numbers are multiplied in pairs, so that even runs stay even.
    let pieces =
      (1...max(1, whole)).first { pieces in
        let length = whole / pieces
        return whole.isMultiple(of: pieces) && length <= Self.limit
          && (length.isMultiple(of: 2) || !whole.isMultiple(of: 2))
      } ?? 1
    let runLength = whole / pieces
    func starts(_ segments: [Int]) -> [Int] {
      stride(from: 0, to: segments.count, by: joined).flatMap { first in
        (0..<pieces).map { segments[first] + $0 * runLength }
      }
    }
    (runs, self.factors) = (starts(segments), starts(factors))
    self.factorCount = factorCount ?? segments.count * length
    self.runLength = runLength
    self.rows = rows
  }

  private static let limit = Int(SMOOT_RUN_LENGTH)

  /// How many segments make one run: the most that always follow one another and stay within the limit.
  private static func joined(_ segments: [Int], _ factors: [Int], length: Int) -> Int {
    var joined = 1
    for size in 1...max(1, segments.count)
    where segments.count.isMultiple(of: size) && size * length <= limit {
      let follows = segments.indices.allSatisfy { index in
        index.isMultiple(of: size)
          || (segments[index] == segments[index - 1] + length
            && factors[index] == factors[index - 1] + length)
      }
      if follows { joined = size }
    }
    return joined
  }

  /// The transpose of this matrix times another one: the gradient of a product with respect to its right operand.
  ///
  /// - Parameters:
  ///   - source: the tensor that the rows lie in.
  ///   - gradient: [rows, columns], of the same precision.
  /// - Returns: [depth, columns].
  package func gradient(in source: Tensor, _ gradient: Tensor) -> Tensor {
    let columns = gradient.shape.count / max(1, rowCount)
    let piece = Int(SMOOT_GATHER_PIECE)
    let (tall, wide) = ((depth + piece - 1) / piece, (columns + piece - 1) / piece)
    // Few pieces leave threads idle: their sums are then taken in parts, of rows enough to be worth it.
    let parts = Shards(batch: max(1, min(rowCount / 512, 16 / (tall * wide))))
    let (length, rowCount, depth) = (depth * columns, rowCount, depth)
    return parts.total(length) { sums in
      /// Calls a kernel for each piece of each part: rows `start` to `end`, elements `first` to `last` of each, `width` columns from `column` on.
      func forEachPiece(
        _ kernel: (
          _ start: Int, _ end: Int, _ first: Int, _ last: Int, _ width: Int, _ column: Int,
          _ target: UnsafeMutablePointer<Float>
        ) -> Int32
      ) {
        parallelFor(parts.count * tall * wide) { task in
          let (part, place) = (task / (tall * wide), task % (tall * wide))
          let (first, column) = (place / wide * piece, place % wide * piece)
          let status = kernel(
            part * rowCount / parts.count, (part + 1) * rowCount / parts.count, first,
            min(depth, first + piece), min(piece, columns - column), column,
            sums + part * length + column)
          precondition(status == 0, "there is no memory left for a piece of a gradient")
        }
      }
      precondition(source.precision == gradient.precision, "a product of two precisions")
      switch source.precision {
      case .float32:
        withMatrix(in: source, Float.self) { matrix in
          gradient.withNumbers { (gradient: UnsafePointer<Float>) in
            forEachPiece { start, end, first, last, width, column, target in
              smoot_gathered_gradient_f32(
                matrix, start, end, first, last, width, gradient + column, columns, target)
            }
          }
        }
      case .bfloat16:
        withMatrix(in: source, UInt16.self) { matrix in
          gradient.withNumbers { (gradient: UnsafePointer<UInt16>) in
            forEachPiece { start, end, first, last, width, column, target in
              smoot_gathered_gradient_bfloat16(
                matrix, start, end, first, last, width, gradient + column, columns, target)
            }
          }
        }
      }
    }.reshaped(to: [depth, columns])
  }

  /// Calls a function with the matrix as kernels take it, its numbers in a tensor.
  func withMatrix<Number: ProductNumber>(
    in source: Tensor, _: Number.Type, _ body: (UnsafePointer<smoot_gathered_matrix>) -> Void
  ) {
    precondition(
      Number.precision == .float32 || runLength.isMultiple(of: 2),
      "runs of \(runLength) numbers cannot be taken in pairs")
    source.withNumbers { (base: UnsafePointer<Number>) in withMatrix(at: base, body) }
  }

  /// Calls a function with the matrix as kernels take it, its numbers at `base`.
  func withMatrix(
    at base: UnsafeRawPointer, _ body: (UnsafePointer<smoot_gathered_matrix>) -> Void
  ) {
    rows.withUnsafeBufferPointer { rows in
      runs.withUnsafeBufferPointer { runs in
        factors.withUnsafeBufferPointer { factors in
          var matrix = smoot_gathered_matrix(
            base: base, rows: rows.baseAddress, runs: runs.baseAddress,
            factors: factors.baseAddress, factor_count: factorCount, run_count: runs.count,
            run_length: runLength)
          withUnsafePointer(to: &matrix, body)
        }
      }
    }
  }
}
