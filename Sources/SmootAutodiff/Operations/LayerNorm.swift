import CSmootKernels
package import SmootTensor

/// Runs along the last axis with mean 0 and variance 1, times a scale, plus a shift.
package struct LayerNormalization: Operation {
  package let name = "layer norm"
  package let input: Tensor
  package let scale: Tensor
  /// [2, rows]: the means, and 1 / sqrt(variance + epsilon).
  let statistics: Tensor

  static func forward(
    _ input: Tensor, _ scale: Tensor, _ shift: Tensor, _ epsilon: Float
  ) -> (output: Tensor, statistics: Tensor) {
    let (columns, rows) = (input.shape[-1], input.rows)
    var statistics = Tensor(uninitialized: [2, rows]) { _ in }
    let output = Tensor(uninitialized: input.shape) { output in
      statistics.withMutablePointer { statistics in
        withPointers(input, scale, shift) { input, scale, shift in
          parallelRanges(rows, grain: grain(columns)) { range in
            let (row, start) = (range.lowerBound, range.lowerBound * columns)
            smoot_layer_norm_forward_f32(
              range.count, columns, input + start, scale, shift, epsilon, output + start,
              statistics + row, statistics + rows + row)
          }
        }
      }
    }
    return (output, statistics)
  }

  package func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    let (columns, rows) = (input.shape[-1], input.rows)
    let shards = Shards(batch: rows)
    let wantsScale = needs[1] || needs[2]
    let partCount = wantsScale ? 2 * columns : 0
    var inputGradient = needs[0] ? Tensor(uninitialized: input.shape) { _ in } : nil
    let sums = shards.total(partCount) { parts in
      withPointers(input, scale, statistics, gradient) { input, scale, statistics, gradient in
        func run(_ result: UnsafeMutablePointer<Float>?) {
          parallelFor(shards.count) { shard in
            let range = shards[shard]
            let start = range.lowerBound * columns
            let part = parts + shard * partCount
            part.update(repeating: 0, count: partCount)
            smoot_layer_norm_backward_f32(
              range.count, columns, input + start, scale, statistics + range.lowerBound,
              statistics + rows + range.lowerBound, gradient + start, nil,
              result.map { $0 + start },
              wantsScale ? part : nil, wantsScale ? part + columns : nil)
          }
        }
        if needs[0] { inputGradient?.withMutablePointer { run($0) } } else { run(nil) }
      }
    }
    guard wantsScale else { return [inputGradient, nil, nil] }
    return [
      inputGradient, needs[1] ? sums.sliced(axis: 0, 0..<columns) : nil,
      needs[2] ? sums.sliced(axis: 0, columns..<2 * columns) : nil,
    ]
  }

  private static func grain(_ columns: Int) -> Int { max(1, 16384 / max(1, columns)) }
}

extension Tensor {
  /// How many runs along the last axis there are.
  fileprivate var rows: Int { count / max(1, shape[-1]) }
}

extension Variable {
  /// Each run along the last axis with mean 0 and variance 1, times `scale`, plus `shift`.
  ///
  /// Ba, Kiros and Hinton, Layer Normalization, 2016. The variance is the biased one.
  ///
  /// - Parameters:
  ///   - scale: [last axis].
  ///   - shift: [last axis].
  ///   - epsilon: added to the variance.
  public func layerNorm(scale: Variable, shift: Variable, epsilon: Float) -> Variable {
    let result = LayerNormalization.forward(value, scale.value, shift.value, epsilon)
    return Self.record(
      LayerNormalization(input: value, scale: scale.value, statistics: result.statistics),
      inputs: [self, scale, shift], output: result.output)
  }
}
