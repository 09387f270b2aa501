import Foundation
import SmootTensor

/// The mean cross-entropy between labels and the softmax of logits.
struct CrossEntropy: Operation {
  let name = "cross-entropy"
  /// The gradient of the mean with respect to the logits.
  let slope: Tensor

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] { [slope * gradient.scalar] }
}

extension Variable {
  /// The mean over the rows of -sum_c t_c log softmax(logits)_c.
  ///
  /// - Parameters:
  ///   - labels: the class of each row.
  ///   - smoothing: t is 1 - smoothing at the label, and smoothing is spread evenly over all classes, the label among them (PyTorch's form).
  /// - Returns: one number.
  /// - Precondition: this is a matrix with a row for each label, and each label is one of its columns.
  public func crossEntropy(_ labels: [Int32], smoothing: Float = 0) -> Variable {
    precondition(
      shape.rank == 2 && shape[0] == labels.count
        && labels.allSatisfy { (0..<Int32(shape[1])).contains($0) },
      "logits of shape \(shape) do not fit \(labels.count) labels in 0..<\(shape.dimensions.last ?? 0)"
    )
    let (rows, columns) = (shape[0], shape[1])
    let (logProbabilities, shared) = (value.logSoftmaxOfRows, smoothing / Float(columns))
    var loss = 0.0
    let slope = Tensor(uninitialized: shape) { slope in
      withPointers(logProbabilities) { logs in
        for (row, label) in labels.enumerated() {
          for column in 0..<columns {
            let index = row * columns + column
            let target = shared + (column == Int(label) ? 1 - smoothing : 0)
            if target != 0 { loss -= Double(target) * Double(logs[index]) }
            slope[index] = (Foundation.exp(logs[index]) - target) / Float(rows)
          }
        }
      }
    }
    return Self.record(
      CrossEntropy(slope: slope), inputs: [self], output: Tensor(Float(loss / Double(max(1, rows))))
    )
  }
}
