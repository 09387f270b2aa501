import CSmootKernels
package import SmootTensor

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
    backward(gradient, needs: needs, rectifiedWith: nil)
  }

  /// The gradients of input, scale and shift.
  ///
  /// - Parameter rectified: the shift, where a ReLU follows and the gradient is the one behind it.
  func backward(_ gradient: Tensor, needs: [Bool], rectifiedWith shift: Tensor?) -> [Tensor?] {
    let (rows, columns) = (statistics.rows, scale.count)
    guard usesInputStatistics || needs[1] || needs[2] else {
      return [inputGradient(gradient, shift, [], []), nil, nil]
    }
    let (sums, products) = channelSums(rows: rows, columns: columns) { range, sums, products in
      let start = range.lowerBound * columns
      withPointers(input, gradient, statistics.mean, statistics.inverse) {
        input, gradient, mean, inverse in
        withPointers(scale, shift ?? scale) { scale, offset in
          smoot_batch_norm_backward_sums_f32(
            range.count, columns, input + start, mean, inverse, scale,
            shift == nil ? nil : offset, gradient + start, sums, products)
        }
      }
    }
    return [
      needs[0] ? inputGradient(gradient, shift, sums, products) : nil,
      needs[1] ? Tensor(products.map { Float($0) }, shape: [columns]) : nil,
      needs[2] ? Tensor(sums.map { Float($0) }, shape: [columns]) : nil,
    ]
  }

  private func inputGradient(
    _ gradient: Tensor, _ shift: Tensor?, _ sums: [Double], _ products: [Double]
  ) -> Tensor {
    let (rows, columns) = (statistics.rows, scale.count)
    return Tensor(uninitialized: input.shape) { result in
      withPointers(input, gradient, scale, shift ?? scale) { input, gradient, scale, offset in
        withPointers(statistics.mean, statistics.inverse) { mean, inverse in
          sums.withUnsafeBufferPointer { sums in
            products.withUnsafeBufferPointer { products in
              // Safe to share: the loop's tasks only read them.
              nonisolated(unsafe) let sums = usesInputStatistics ? sums.baseAddress : nil
              nonisolated(unsafe) let products = usesInputStatistics ? products.baseAddress : nil
              let offset = shift == nil ? nil : offset
              parallelRanges(rows, grain: max(1, 16384 / max(1, columns))) { range in
                let start = range.lowerBound * columns
                smoot_batch_norm_backward_f32(
                  range.count, columns, rows, input + start, mean, inverse, scale, offset,
                  gradient + start, sums, products, result + start)
              }
            }
          }
        }
      }
    }
  }
}
