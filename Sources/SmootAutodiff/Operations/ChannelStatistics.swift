import CSmootKernels
public import SmootTensor

/// Mean and variance of each channel of a batch.
public struct ChannelStatistics {
  /// [channels].
  public let mean: Tensor
  /// The biased variance, [channels].
  public let variance: Tensor
  /// How many numbers each channel has.
  public let rows: Int
  /// 1 / sqrt(variance + epsilon), [channels].
  let inverse: Tensor

  /// Statistics that are known.
  init(mean: Tensor, variance: Tensor, rows: Int, epsilon: Float) {
    self.mean = mean
    self.variance = variance
    self.rows = rows
    inverse = variance.mapped { 1 / ($0 + epsilon).squareRoot() }
  }

  /// The statistics of a batch [..., channels], summed over fixed parts in double precision.
  init(of input: Tensor, epsilon: Float) {
    let columns = input.shape[-1]
    rows = input.count / max(1, columns)
    let (sums, squares) = channelSums(rows: rows, columns: columns) { range, sums, squares in
      let (precision, start) = (input.precision, range.lowerBound * columns)
      input.withBytes {
        smoot_batch_norm_sums(
          precision.kind, range.count, columns, $0 + start * precision.byteCount, sums, squares)
      }
    }
    var results = Tensor(uninitialized: [3, columns]) { _ in }
    let rows = rows
    results.withMutablePointer { results in
      smoot_batch_norm_statistics(
        rows, columns, sums, squares, epsilon, results, results + columns, results + 2 * columns)
    }
    func row(_ index: Int) -> Tensor {
      results.sliced(axis: 0, index..<index + 1).reshaped(to: [columns])
    }
    (mean, variance, inverse) = (row(0), row(1), row(2))
  }
}

/// Two sums for each channel, over fixed parts of the rows that are then added in order.
func channelSums(
  rows: Int, columns: Int,
  _ body: (Range<Int>, UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>) -> Void
) -> ([Double], [Double]) {
  let shards = Shards(batch: rows)
  var parts = [Double](repeating: 0, count: shards.count * 2 * columns)
  parts.withUnsafeMutableBufferPointer { parts in
    guard let parts = parts.baseAddress else { return }
    // Safe to share: each task has a part of its own.
    nonisolated(unsafe) let start = parts
    parallelFor(shards.count) { shard in
      let part = start + shard * 2 * columns
      body(shards[shard], part, part + columns)
    }
  }
  func total(_ offset: Int) -> [Double] {
    (0..<columns).map { column in
      (0..<shards.count).reduce(0) { $0 + parts[$1 * 2 * columns + offset + column] }
    }
  }
  return (total(0), total(columns))
}
