import Foundation

extension Tensor {
  /// The softmax over the last axis.
  public var softmaxOfRows: Tensor {
    mappedRows { row, result in
      let largest = row.max() ?? 0
      var sum: Float = 0
      for index in row.indices {
        result[index] = exp(row[index] - largest)
        sum += result[index]
      }
      for index in row.indices { result[index] /= sum }
    }
  }

  /// The logarithm of the softmax over the last axis.
  public var logSoftmaxOfRows: Tensor {
    mappedRows { row, result in
      let largest = row.max() ?? 0
      var sum: Float = 0
      for value in row { sum += exp(value - largest) }
      let shift = largest + log(sum)
      for index in row.indices { result[index] = row[index] - shift }
    }
  }

  private func mappedRows(
    _ transform: (UnsafeBufferPointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) -> Tensor {
    let columns = shape[-1]
    let rows = count / max(1, columns)
    return Tensor(uninitialized: shape) { target in
      withPointers(self) { source in
        parallelRanges(rows, grain: max(1, 4096 / max(1, columns))) { range in
          for row in range {
            transform(
              UnsafeBufferPointer(start: source + row * columns, count: columns),
              target + row * columns)
          }
        }
      }
    }
  }
}
