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
    product(a, b, transposeA: transposeA, transposeB: transposeB, then: nil)
  }

  /// The product of two matrices, each piece of whose rows is handed on while it is in the cache.
  ///
  /// - Parameter finish: gets the first of some whole rows of the result, how many they are, and the number of the first; not called for results that are longer than tall.
  package static func product(
    _ a: Tensor, _ b: Tensor, transposeA: Bool = false, transposeB: Bool = false,
    then finish: ((UnsafeMutablePointer<Float>, _ count: Int, _ first: Int) -> Void)?
  ) -> Tensor {
    precondition(
      a.shape.rank == 2 && b.shape.rank == 2, "\(a.shape) and \(b.shape) are not two matrices")
    let (m, k) = transposeA ? (a.shape[1], a.shape[0]) : (a.shape[0], a.shape[1])
    let (inner, n) = transposeB ? (b.shape[1], b.shape[0]) : (b.shape[0], b.shape[1])
    precondition(k == inner, "\(a.shape) and \(b.shape) have different inner extents")
    return Tensor(uninitialized: [m, n]) { c in
      withPointers(a, b) { a, b in
        multiply(
          m, n, k, a, transposeA, a: transposeA ? m : k, b, transposeB, b: transposeB ? k : n, c,
          finish)
      }
    }
  }

  private static func multiply(
    _ m: Int, _ n: Int, _ k: Int, _ left: UnsafePointer<Float>, _ transposeA: Bool, a lda: Int,
    _ right: UnsafePointer<Float>, _ transposeB: Bool, b ldb: Int,
    _ c: UnsafeMutablePointer<Float>,
    _ finish: ((UnsafeMutablePointer<Float>, Int, Int) -> Void)?
  ) {
    guard smoot_blas_is_preferred() == 0 else {
      return parallelPieces(of: m, atLeast: 64) { range in
        let start = range.lowerBound
        smoot_sgemm(
          transposeA ? 1 : 0, transposeB ? 1 : 0, range.count, n, k, 1,
          left + (transposeA ? start : start * lda), lda, right, ldb, 0, c + start * n, n)
        finish?(c + start * n, range.count, start)
      }
    }
    // The right operand is packed once, a panel at a time, for all pieces of the result.
    _ = Tensor(uninitialized: [smoot_packed_count(k, n)]) { packed in
      parallelRanges(n, grain: Int(SMOOT_PANEL_COLUMNS)) { panel in
        smoot_pack_f32(
          k, n, panel.lowerBound, panel.upperBound, right, transposeB ? 1 : ldb,
          transposeB ? ldb : 1, packed)
      }
      func piece(rows: Range<Int>, columns: Range<Int>) {
        let start = rows.lowerBound
        smoot_packed_product_f32(
          rows.count, n, k, columns.lowerBound, columns.upperBound, 1,
          left + (transposeA ? start : start * lda), transposeA ? 1 : lda, transposeA ? lda : 1,
          packed, 0, c + start * n, n)
      }
      // Long results are cut by columns, tall ones by rows: the other operand is then read once for each piece.
      if n > m, finish == nil {
        parallelRanges(n, grain: Int(SMOOT_PANEL_COLUMNS)) { piece(rows: 0..<m, columns: $0) }
      } else {
        parallelPieces(of: m, atLeast: 48) { rows in
          piece(rows: rows, columns: 0..<n)
          finish?(c + rows.lowerBound * n, rows.count, rows.lowerBound)
        }
      }
    }
  }

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
    let parts = Tensor(uninitialized: [shards.count, columns]) { parts in
      withPointers(self) { source in
        parallelFor(shards.count) { shard in
          let part = parts + shard * columns
          part.update(repeating: 0, count: columns)
          let range = shards[shard]
          smoot_column_sums_f32(range.count, columns, source + range.lowerBound * columns, part)
        }
      }
      shards.sum(parts, length: columns)
    }
    return parts.sliced(axis: 0, 0..<1).reshaped(to: [columns])
  }
}
