import CSmootKernels

extension Tensor {
  /// The softmax over the last axis.
  public var softmaxOfRows: Tensor { mappedRows(smoot_softmax_forward_f32) }

  /// The logarithm of the softmax over the last axis.
  public var logSoftmaxOfRows: Tensor { mappedRows(smoot_log_softmax_forward_f32) }

  private func mappedRows(
    _ kernel: (Int, Int, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?) -> Void
  ) -> Tensor {
    let columns = shape[-1]
    let rows = count / max(1, columns)
    return Tensor(uninitialized: shape) { target in
      withPointers(self) { source in
        parallelRanges(rows, grain: max(1, 16384 / max(1, columns))) { range in
          let start = range.lowerBound * columns
          kernel(range.count, columns, source + start, target + start)
        }
      }
    }
  }
}
