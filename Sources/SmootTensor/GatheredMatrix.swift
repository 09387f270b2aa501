import CSmootKernels

/// A matrix that is read where its numbers lie in a tensor, in runs of neighbours, instead of being written down.
///
/// The pixels under a convolution's kernel are the rows of such a matrix, and the convolution a product with it.
package struct GatheredMatrix {
  /// Where each row begins in the tensor.
  private let rows: [Int]
  /// Where the runs of a row begin, from the beginning of the row.
  private let runs: [Int]
  private let runLength: Int

  /// How many rows there are.
  package var rowCount: Int { rows.count }
  /// Elements of a row.
  package var depth: Int { runs.count * runLength }

  /// Makes a matrix.
  ///
  /// - Parameters:
  ///   - rows: where each row begins in the tensor.
  ///   - segments: where segments of neighbours begin, from the beginning of the row.
  ///   - length: the elements of each segment.
  package init(rows: [Int], segments: [Int], length: Int) {
    let joined = Self.joined(segments, length: length)
    let whole = joined * length
    let pieces = (1...max(1, whole)).first { whole % $0 == 0 && whole / $0 <= Self.limit } ?? 1
    let runLength = whole / pieces
    runs = stride(from: 0, to: segments.count, by: joined).flatMap { first in
      (0..<pieces).map { segments[first] + $0 * runLength }
    }
    self.runLength = runLength
    self.rows = rows
  }

  private static let limit = Int(SMOOT_RUN_LENGTH)

  /// How many segments make one run: the most that always follow one another and stay within the limit.
  private static func joined(_ segments: [Int], length: Int) -> Int {
    var joined = 1
    for size in 1...max(1, segments.count)
    where segments.count.isMultiple(of: size) && size * length <= limit {
      let follows = segments.indices.allSatisfy { index in
        index.isMultiple(of: size) || segments[index] == segments[index - 1] + length
      }
      if follows { joined = size }
    }
    return joined
  }

  /// The product with a packed matrix.
  ///
  /// - Parameters:
  ///   - source: the tensor that the rows lie in.
  ///   - packed: the right operand (``Tensor/packed(isTransposed:isKept:)``).
  ///   - columns: its columns.
  ///   - bias: what is added to each row, if anything.
  ///   - rectifies: whether what is below zero then becomes zero.
  ///   - targets: where each row of the product begins in `result`.
  ///   - result: gets the product.
  package func product(
    in source: Tensor, _ packed: Tensor, columns: Int, bias: Tensor? = nil,
    rectifies: Bool = false, targets: [Int], into result: UnsafeMutablePointer<Float>
  ) {
    let grain = rowCount < 1536 ? 96 : 192
    withPointers(source, packed, bias ?? packed) { source, packed, biases in
      withMatrix(at: source) { matrix in
        targets.withUnsafeBufferPointer { targets in
          parallelRanges(rowCount, grain: grain) { rows in
            withUnsafePointer(to: matrix) {
              smoot_gathered_product_f32(
                $0, rows.lowerBound, rows.upperBound, columns, packed, bias == nil ? nil : biases,
                rectifies ? 1 : 0, targets.baseAddress, result)
            }
          }
        }
      }
    }
  }

  /// The transpose of this matrix times another one: the gradient of ``product(in:_:columns:bias:rectifies:targets:into:)`` with respect to its right operand.
  ///
  /// - Parameters:
  ///   - source: the tensor that the rows lie in.
  ///   - gradient: [rows, columns].
  /// - Returns: [depth, columns].
  package func gradient(in source: Tensor, _ gradient: Tensor) -> Tensor {
    let columns = gradient.count / max(1, rowCount)
    let piece = Int(SMOOT_GATHER_PIECE)
    let (tall, wide) = ((depth + piece - 1) / piece, (columns + piece - 1) / piece)
    // Few pieces leave threads idle: their sums are then taken in parts.
    let parts = Shards(batch: min(rowCount, max(1, 16 / (tall * wide))))
    let (length, rowCount, depth) = (depth * columns, rowCount, depth)
    let sums = Tensor(uninitialized: [parts.count, length]) { sums in
      withPointers(source, gradient) { source, gradient in
        withMatrix(at: source) { matrix in
          parallelFor(parts.count * tall * wide) { task in
            let (part, place) = (task / (tall * wide), task % (tall * wide))
            let (first, column) = (place / wide * piece, place % wide * piece)
            let status = withUnsafePointer(to: matrix) {
              smoot_gathered_gradient_f32(
                $0, part * rowCount / parts.count, (part + 1) * rowCount / parts.count, first,
                min(depth, first + piece), min(piece, columns - column), gradient + column,
                columns, sums + part * length + column)
            }
            precondition(status == 0, "there is no memory left for a piece of a gradient")
          }
        }
      }
      parts.sum(sums, length: length)
    }
    let sum = parts.count == 1 ? sums : sums.sliced(axis: 0, 0..<1)
    return sum.reshaped(to: [depth, columns])
  }

  private func withMatrix(
    at base: UnsafePointer<Float>, _ body: (smoot_gathered_matrix) -> Void
  ) {
    rows.withUnsafeBufferPointer { rows in
      runs.withUnsafeBufferPointer { runs in
        body(
          smoot_gathered_matrix(
            base: base, rows: rows.baseAddress, runs: runs.baseAddress, run_count: runs.count,
            run_length: runLength))
      }
    }
  }
}
