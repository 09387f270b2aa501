import CSmootKernels
public import SmootTensor

/// Channels with mean 0 and variance 1, times a scale, plus a shift; affine where mean and variance are given, as in evaluation.
package struct BatchNormalization: AffineOperation {
  package let name = "batch norm"
  package let input: Tensor
  package let scale: Tensor
  let statistics: ChannelStatistics
  /// Whether mean and variance came from the input; else they are constants.
  package let usesInputStatistics: Bool

  /// What each channel is multiplied with.
  package var factor: Tensor { scale * statistics.inverse }
  /// What is subtracted from each channel before.
  package var mean: Tensor { statistics.mean }

  static func forward(
    _ input: Tensor, _ statistics: ChannelStatistics, _ scale: Tensor, _ shift: Tensor
  ) -> Tensor {
    let columns = scale.count
    return Tensor(uninitialized: input.shape) { output in
      withPointers(input, scale, shift) { input, scale, shift in
        withPointers(statistics.mean, statistics.inverse) { mean, inverse in
          parallelRanges(statistics.rows, grain: max(1, 16384 / max(1, columns))) { range in
            let start = range.lowerBound * columns
            smoot_batch_norm_forward_f32(
              range.count, columns, input + start, mean, inverse, scale, shift, output + start)
          }
        }
      }
    }
  }

  package func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    let (rows, columns) = (statistics.rows, scale.count)
    guard usesInputStatistics || needs[1] || needs[2] else {
      return [inputGradient(gradient, [], []), nil, nil]
    }
    let (sums, products) = channelSums(rows: rows, columns: columns) { range, sums, products in
      let start = range.lowerBound * columns
      withPointers(input, gradient, statistics.mean, statistics.inverse) {
        smoot_batch_norm_backward_sums_f32(
          range.count, columns, $0 + start, $2, $3, $1 + start, sums, products)
      }
    }
    return [
      needs[0] ? inputGradient(gradient, sums, products) : nil,
      needs[1] ? Tensor(products.map { Float($0) }, shape: [columns]) : nil,
      needs[2] ? Tensor(sums.map { Float($0) }, shape: [columns]) : nil,
    ]
  }

  private func inputGradient(
    _ gradient: Tensor, _ sums: [Double], _ products: [Double]
  ) -> Tensor {
    let (rows, columns) = (statistics.rows, scale.count)
    return Tensor(uninitialized: input.shape) { result in
      withPointers(input, gradient, scale) { input, gradient, scale in
        withPointers(statistics.mean, statistics.inverse) { mean, inverse in
          sums.withUnsafeBufferPointer { sums in
            products.withUnsafeBufferPointer { products in
              // Safe to share: the loop's tasks only read them.
              nonisolated(unsafe) let sums = usesInputStatistics ? sums.baseAddress : nil
              nonisolated(unsafe) let products = usesInputStatistics ? products.baseAddress : nil
              parallelRanges(rows, grain: max(1, 16384 / max(1, columns))) { range in
                let start = range.lowerBound * columns
                smoot_batch_norm_backward_f32(
                  range.count, columns, rows, input + start, mean, inverse, scale,
                  gradient + start, sums, products, result + start)
              }
            }
          }
        }
      }
    }
  }
}

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
      withPointers(input) {
        smoot_batch_norm_sums_f32(
          range.count, columns, $0 + range.lowerBound * columns, sums, squares)
      }
    }
    var results = Tensor(uninitialized: [3, columns]) { _ in }
    let rows = rows
    results.withMutablePointer { results in
      smoot_batch_norm_statistics_f32(
        rows, columns, sums, squares, epsilon, results, results + columns, results + 2 * columns)
    }
    func row(_ index: Int) -> Tensor {
      results.sliced(axis: 0, index..<index + 1).reshaped(to: [columns])
    }
    (mean, variance, inverse) = (row(0), row(1), row(2))
  }
}

/// Two sums for each channel, over fixed parts of the rows that are then added in order.
private func channelSums(
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

extension Variable {
  /// Each channel of a batch with mean 0 and variance 1, times `scale`, plus `shift`, by the statistics of the batch.
  ///
  /// Ioffe and Szegedy, Batch Normalization, 2015. The channel is the last axis. The variance is the biased one.
  ///
  /// - Returns: the result, and the batch's statistics.
  public func batchNorm(
    scale: Variable, shift: Variable, epsilon: Float
  ) -> (output: Variable, statistics: ChannelStatistics) {
    let statistics = ChannelStatistics(of: value, epsilon: epsilon)
    return (normalized(statistics, scale, shift, usesInputStatistics: true), statistics)
  }

  /// Each channel normalized by given statistics, times `scale`, plus `shift`: batch normalization in evaluation.
  ///
  /// - Parameters:
  ///   - mean: [channels].
  ///   - variance: [channels].
  public func batchNorm(
    scale: Variable, shift: Variable, mean: Tensor, variance: Tensor, epsilon: Float
  ) -> Variable {
    let rows = shape.count / max(1, shape[-1])
    let statistics = ChannelStatistics(
      mean: mean, variance: variance, rows: rows, epsilon: epsilon)
    return normalized(statistics, scale, shift, usesInputStatistics: false)
  }

  private func normalized(
    _ statistics: ChannelStatistics, _ scale: Variable, _ shift: Variable,
    usesInputStatistics: Bool
  ) -> Variable {
    precondition(
      scale.shape == [shape[-1]] && shift.shape == scale.shape,
      "\(shape[-1]) channels do not fit a scale of shape \(scale.shape)")
    let output = BatchNormalization.forward(value, statistics, scale.value, shift.value)
    return Self.record(
      BatchNormalization(
        input: value, scale: scale.value, statistics: statistics,
        usesInputStatistics: usesInputStatistics),
      inputs: [self, scale, shift], output: output)
  }
}
