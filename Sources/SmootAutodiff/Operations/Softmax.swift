import CSmootKernels
package import SmootTensor

/// The softmax over the last axis.
package struct Softmax: Operation {
  package let name = "softmax"
  package let output: Tensor

  package func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    [.rows(output, gradient, smoot_softmax_backward_f32)]
  }
}

/// The logarithm of the softmax over the last axis.
struct LogSoftmax: Operation {
  let name = "log-softmax"
  let output: Tensor

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    [.rows(output, gradient, smoot_log_softmax_backward_f32)]
  }
}

extension Tensor {
  /// A kernel's function of each pair of runs along the last axis.
  fileprivate static func rows(
    _ x: Tensor, _ y: Tensor,
    _ kernel: (
      Int, Int, UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?
    ) -> Void
  ) -> Tensor {
    let columns = x.shape[-1]
    let rows = x.count / max(1, columns)
    return Tensor(uninitialized: x.shape) { target in
      withPointers(x, y) { x, y in
        parallelRanges(rows, grain: max(1, 16384 / max(1, columns))) { range in
          let start = range.lowerBound * columns
          kernel(range.count, columns, x + start, y + start, target + start)
        }
      }
    }
  }
}

extension Variable {
  /// The softmax over the last axis.
  public func softmax() -> Variable {
    let output = value.softmaxOfRows
    return Self.record(Softmax(output: output), inputs: [self], output: output)
  }

  /// The logarithm of the softmax over the last axis.
  public func logSoftmax() -> Variable {
    let output = value.logSoftmaxOfRows
    return Self.record(LogSoftmax(output: output), inputs: [self], output: output)
  }
}
