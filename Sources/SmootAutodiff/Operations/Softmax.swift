import Foundation
import SmootTensor

/// The softmax over the last axis.
struct Softmax: Operation {
  let name = "softmax"
  let output: Tensor

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    let product = gradient * output
    return [product - output * product.sum(over: [output.shape.rank - 1])]
  }
}

/// The logarithm of the softmax over the last axis.
struct LogSoftmax: Operation {
  let name = "log-softmax"
  let output: Tensor

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    let sums = gradient.sum(over: [output.shape.rank - 1])
    return [gradient - output.mapped { exp($0) } * sums]
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
