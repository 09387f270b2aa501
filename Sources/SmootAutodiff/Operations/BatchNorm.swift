import CSmootKernels
package import SmootTensor

/// Channels with mean 0 and variance 1, times a scale, plus a shift; affine where mean and variance are given, as in evaluation.
///
/// What goes in tells in which numbers the result and the gradients are kept; all is computed in 32 bits.
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

  /// The normalized images, with a sum with others and a ReLU where these follow.
  func forward(_ shift: Tensor, adding addend: Tensor? = nil, rectifies: Bool = false) -> Tensor {
    let (precision, columns) = (input.precision, scale.count)
    let addend = addend?.converted(to: precision)
    return Tensor(uninitialized: input.shape, precision) { output in
      (addend ?? input).withBytes { other in
        forEachRange(shift) { rows, start, input, channels in
          smoot_batch_norm_forward(
            precision.kind, rows, columns, input, channels.mean, channels.inverse, channels.scale,
            channels.shift, addend == nil ? nil : other + start, rectifies ? 1 : 0, output + start)
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
    let gradient = gradient.converted(to: input.precision)
    guard usesInputStatistics || needs[1] || needs[2] else {
      return [inputGradient(gradient, shift, nil), nil, nil]
    }
    return gradients(gradient, needs, shift, sums(of: gradient, shift))
  }

  /// The same where other images were added before the ReLU.
  ///
  /// - Parameter output: what came behind it.
  /// - Returns: the gradients of input, scale, shift and the other images.
  func backward(_ gradient: Tensor, needs: [Bool], rectifiedTo output: Tensor) -> [Tensor?] {
    let gradient = gradient.converted(to: input.precision)
    var sums = Sums([], [])
    let opened = Tensor(uninitialized: input.shape, input.precision) {
      sums = self.sums(of: gradient, nil, output: output, opened: $0)
    }
    return gradients(opened, needs, nil, sums) + [needs[3] ? opened : nil]
  }

  /// For each channel the sum of the gradients, and of their products with the normalized inputs.
  private typealias Sums = (gradients: [Double], products: [Double])

  private func gradients(
    _ gradient: Tensor, _ needs: [Bool], _ shift: Tensor?, _ sums: Sums
  ) -> [Tensor?] {
    func channels(_ numbers: [Double]) -> Tensor {
      Tensor(numbers.map { Float($0) }, shape: [scale.count])
    }
    return [
      needs[0] ? inputGradient(gradient, shift, sums) : nil,
      needs[1] ? channels(sums.products) : nil, needs[2] ? channels(sums.gradients) : nil,
    ]
  }

  /// - Parameter opened: where the gradient before the ReLU goes, given the output behind it.
  private func sums(
    of gradient: Tensor, _ shift: Tensor?, output: Tensor? = nil,
    opened: UnsafeMutableRawPointer? = nil
  ) -> Sums {
    let (precision, columns) = (input.precision, scale.count)
    return channelSums(rows: statistics.rows, columns: columns) { range, sums, products in
      (output ?? gradient).withBytes { output in
        gradient.withBytes { gradient in
          withChannels(shift) { channels in
            input.withBytes { input in
              let start = range.lowerBound * columns * precision.byteCount
              smoot_batch_norm_backward_sums(
                precision.kind, range.count, columns, input + start, channels.mean,
                channels.inverse, channels.scale, channels.shift,
                opened == nil ? nil : output + start, gradient + start, opened.map { $0 + start },
                sums, products)
            }
          }
        }
      }
    }
  }

  private func inputGradient(_ gradient: Tensor, _ shift: Tensor?, _ sums: Sums?) -> Tensor {
    let (precision, columns) = (input.precision, scale.count)
    let share = 1 / Float(statistics.rows)
    func means(_ sums: [Double]?) -> Tensor {
      Tensor(sums?.map { Float($0) * share } ?? [0], shape: [sums?.count ?? 1])
    }
    let isConstant = sums == nil || !usesInputStatistics
    return Tensor(uninitialized: input.shape, precision) { result in
      gradient.withBytes { gradient in
        withPointers(means(sums?.gradients), means(sums?.products)) { centers, slopes in
          forEachRange(shift) { rows, start, input, channels in
            smoot_batch_norm_backward(
              precision.kind, rows, columns, input, channels.mean, channels.inverse,
              channels.scale, channels.shift, gradient + start, isConstant ? nil : centers,
              isConstant ? nil : slopes, result + start)
          }
        }
      }
    }
  }

  /// What belongs to the channels, as kernels take it.
  private struct Channels {
    let mean, inverse, scale: UnsafePointer<Float>
    let shift: UnsafePointer<Float>?
  }

  private func withChannels<Result>(_ shift: Tensor?, _ body: (Channels) -> Result) -> Result {
    withPointers(statistics.mean, statistics.inverse, scale, shift ?? scale) {
      body(Channels(mean: $0, inverse: $1, scale: $2, shift: shift == nil ? nil : $3))
    }
  }

  /// Calls a function for some rows of the input at a time: how many, where they begin in bytes, and their address.
  private func forEachRange(
    _ shift: Tensor?,
    _ body: (_ rows: Int, _ start: Int, _ input: UnsafeRawPointer, Channels) -> Void
  ) {
    let columns = scale.count
    withChannels(shift) { channels in
      input.withBytes { input in
        parallelRanges(statistics.rows, grain: max(1, 16384 / max(1, columns))) { range in
          let start = range.lowerBound * columns * self.input.precision.byteCount
          body(range.count, start, input + start, channels)
        }
      }
    }
  }
}
