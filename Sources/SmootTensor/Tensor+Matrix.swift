import CSmootKernels

extension Tensor {
  /// The product of two matrices, each of them transposed first where asked for.
  ///
  /// The result is cut into pieces of a fixed size, which threads compute in any order.
  ///
  /// - Precondition: both are matrices, and their inner extents agree.
  public static func product(
    _ a: Tensor, _ b: Tensor, transposeA: Bool = false, transposeB: Bool = false
  ) -> Tensor {
    product(a, b, transposeA: transposeA, transposeB: transposeB, keepsPacked: false)
  }

  /// The product of two matrices, each piece of whose rows is handed on while it is in the cache.
  ///
  /// - Parameters:
  ///   - a: the left matrix.
  ///   - b: the right matrix.
  ///   - transposeA: whether the left one is transposed first.
  ///   - transposeB: whether the right one is transposed first.
  ///   - keepsPacked: whether `b` keeps the form in which it is read until it changes: for weights, which many products share.
  ///   - finish: gets the first of some whole rows of the result and how many they are.
  package static func product(
    _ a: Tensor, _ b: Tensor, transposeA: Bool = false, transposeB: Bool = false,
    keepsPacked: Bool = false,
    then finish: ((UnsafeMutablePointer<Float>, _ count: Int) -> Void)? = nil
  ) -> Tensor {
    precondition(
      a.shape.rank == 2 && b.shape.rank == 2, "\(a.shape) and \(b.shape) are not two matrices")
    let (m, k) = transposeA ? (a.shape[1], a.shape[0]) : (a.shape[0], a.shape[1])
    let (inner, n) = transposeB ? (b.shape[1], b.shape[0]) : (b.shape[0], b.shape[1])
    precondition(k == inner, "\(a.shape) and \(b.shape) have different inner extents")
    let lda = a.shape[1]
    if leavesProductsToLibrary {
      return Tensor(uninitialized: [m, n]) { c in
        withPointers(a, b) { a, b in
          parallelPieces(of: m, atLeast: 64) { rows in
            let start = rows.lowerBound
            smoot_sgemm(
              transposeA ? 1 : 0, transposeB ? 1 : 0, rows.count, n, k, 1,
              a + (transposeA ? start : start * lda), lda, b, transposeB ? k : n, 0, c + start * n,
              n)
            finish?(c + start * n, rows.count)
          }
        }
      }
    }
    let isLong = n > m && finish == nil
    let strides = transposeA ? (row: 1, depth: lda) : (row: lda, depth: 1)
    if isLong, !keepsPacked {
      return Tensor(uninitialized: [m, n]) { c in
        withPointers(a, b) { a, b in
          parallelRanges(n, grain: Int(SMOOT_PANEL_COLUMNS)) { columns in
            let (first, count) = (columns.lowerBound, columns.count)
            _ = Tensor(uninitialized: [smoot_packed_count(k, count)]) { panel in
              smoot_pack_f32(
                k, count, 0, count, b + first * (transposeB ? k : 1), transposeB ? 1 : n,
                transposeB ? k : 1, panel)
              smoot_packed_product_f32(
                m, count, k, 0, count, 1, a, strides.row, strides.depth, panel, 0, c + first, n)
            }
          }
        }
      }
    }
    let packed = b.packed(isTransposed: transposeB, isKept: keepsPacked)
    return Tensor(uninitialized: [m, n]) { c in
      withPointers(a, packed) { a, packed in
        func piece(rows: Range<Int>, columns: Range<Int>) {
          let start = rows.lowerBound
          smoot_packed_product_f32(
            rows.count, n, k, columns.lowerBound, columns.upperBound, 1,
            a + start * strides.row, strides.row, strides.depth, packed, 0, c + start * n, n)
        }
        // Long results are cut by columns, tall ones by rows: the other operand is then read once for each piece.
        if isLong {
          parallelRanges(n, grain: Int(SMOOT_PANEL_COLUMNS)) { piece(rows: 0..<m, columns: $0) }
        } else {
          parallelPieces(of: m, atLeast: 48) { rows in
            piece(rows: rows, columns: 0..<n)
            finish?(c + rows.lowerBound * n, rows.count)
          }
        }
      }
    }
  }

  /// Whether products of two matrices of floats are left to a BLAS, as the user wants it or because there are no kernels for this processor.
  package static var leavesProductsToLibrary: Bool { smoot_blas_is_preferred() != 0 }

  /// Runs `body` over `0..<count` cut into at most 16 pieces: a power of two, so that they divide evenly among threads, none shorter than `shortest`.
  private static func parallelPieces(
    of count: Int, atLeast shortest: Int, _ body: (Range<Int>) -> Void
  ) {
    var pieces = 1
    while pieces < 16, count / (2 * pieces) >= shortest { pieces *= 2 }
    parallelFor(pieces) { piece in
      body(piece * count / pieces..<(piece + 1) * count / pieces)
    }
  }

  /// The sum of each column of a tensor seen as a matrix with `columns` columns, over its rows in a fixed tree.
  package func columnSums(_ columns: Int) -> Tensor {
    let rows = count / max(1, columns)
    let shards = Shards(batch: rows)
    return shards.total(columns) { parts in
      withPointers(self) { source in
        parallelFor(shards.count) { shard in
          let part = parts + shard * columns
          part.update(repeating: 0, count: columns)
          let range = shards[shard]
          smoot_column_sums_f32(range.count, columns, source + range.lowerBound * columns, part)
        }
      }
    }
  }
}
