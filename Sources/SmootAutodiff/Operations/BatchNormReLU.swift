import CSmootKernels
import SmootTensor

/// What follows a batch normalization and is computed together with it.
public enum NormalizationEpilogue {
  /// Nothing.
  case none
  /// ReLU.
  case relu
  /// The sum with other images of the same shape, and then ReLU: the end of a residual block.
  case addThenReLU(Variable)
}

/// A batch normalization, perhaps a sum with other images, and a ReLU, in one pass over memory; nothing in between is kept.
struct BatchNormalizationReLU: Operation {
  var name: String { sum == nil ? "batch norm, relu" : "batch norm, add, relu" }
  let normalization: BatchNormalization
  let shift: Tensor
  /// The output, where something was added; else the input tells where the ReLU is open.
  let sum: Tensor?

  static func forward(
    _ normalization: BatchNormalization, _ shift: Tensor, _ addend: Tensor?
  ) -> Tensor {
    let (statistics, columns) = (normalization.statistics, shift.count)
    return Tensor(uninitialized: normalization.input.shape) { output in
      withPointers(normalization.input, normalization.scale, shift, addend ?? shift) {
        input, scale, shift, other in
        let other = addend == nil ? nil : other
        withPointers(statistics.mean, statistics.inverse) { mean, inverse in
          parallelRanges(statistics.rows, grain: max(1, 16384 / max(1, columns))) { range in
            let start = range.lowerBound * columns
            smoot_batch_norm_relu_forward_f32(
              range.count, columns, input + start, mean, inverse, scale, shift,
              other.map { $0 + start }, output + start)
          }
        }
      }
    }
  }

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    guard let sum else {
      return normalization.backward(gradient, needs: needs, rectifiedWith: shift)
    }
    let upstream = gradient.rectified(by: sum)
    let gradients =
      needs[0] || needs[1] || needs[2]
      ? normalization.backward(upstream, needs: needs, rectifiedWith: nil) : [nil, nil, nil]
    return gradients + [needs[3] ? upstream : nil]
  }
}
