import CSmootKernels
import SmootTensor

/// A convolution whose sums are scaled and shifted for each channel, then perhaps a sum with other images and a ReLU; only images are differentiated.
struct NormalizedConvolution: SummingOperation {
  var name: String {
    rectified == nil ? "convolution, batch norm" : "convolution, batch norm, relu"
  }
  /// Its own sums.
  let convolution: Convolution
  /// What each channel is multiplied with.
  let scale: Tensor
  /// The output, where a ReLU follows; it tells where the ReLU is open.
  let rectified: Tensor?
  /// Whether other images were added before the ReLU.
  let hasAddend: Bool

  func backward(
    _ gradient: Tensor, needs: [Bool], addingTo sum: consuming Tensor?
  ) -> [Tensor?] {
    guard hasAddend, needs[1] else {
      return [convolution.inputGradient(upstream(gradient, addend: nil), addingTo: sum)]
        + (hasAddend ? [nil] : [])
    }
    var upstream = gradient
    let addend = Tensor(uninitialized: gradient.shape, precision) { addend in
      upstream = self.upstream(gradient, addend: addend)
    }
    return [needs[0] ? convolution.inputGradient(upstream, addingTo: sum) : nil, addend]
  }

  /// The gradient of the convolution's sums.
  ///
  /// - Parameter addend: where the gradient of the added images goes.
  private func upstream(_ gradient: Tensor, addend: UnsafeMutableRawPointer?) -> Tensor {
    let (rows, columns) = (gradient.count / scale.count, scale.count)
    return Tensor(uninitialized: gradient.shape, precision) { sums in
      withPointers(scale) { scale in
        (rectified ?? gradient).withBytes { output in
          gradient.converted(to: precision).withBytes { gradient in
            parallelRanges(rows, grain: max(1, 16384 / columns)) { range in
              let start = range.lowerBound * columns * precision.byteCount
              smoot_scaled_relu_backward(
                precision.kind, range.count, columns, rectified == nil ? nil : output + start,
                scale, gradient + start, addend.map { $0 + start }, sums + start)
            }
          }
        }
      }
    }
  }

  /// In which numbers the output and its gradients are kept.
  private var precision: Precision { convolution.plan.precision }
}
