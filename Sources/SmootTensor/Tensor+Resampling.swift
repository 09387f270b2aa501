import CSmootKernels

extension Tensor {
  /// Images stretched or shrunk along both axes: rows x image x columns^T for each channel.
  ///
  /// - Parameters:
  ///   - rows: [new height, height]; see ``Interpolation/matrix(from:to:antialias:)``.
  ///   - columns: [new width, width].
  /// - Returns: [batch, channels, new height, new width].
  /// - Precondition: this is [batch, channels, height, width].
  public func resampled(rows: Tensor, columns: Tensor) -> Tensor {
    precondition(
      shape.rank == 4 && rows.shape.rank == 2 && columns.shape.rank == 2
        && rows.shape[1] == shape[2] && columns.shape[1] == shape[3],
      "images of shape \(shape) do not fit matrices of shapes \(rows.shape) and \(columns.shape)")
    let (planes, height) = (shape[0] * shape[1], shape[2])
    let (newHeight, newWidth) = (rows.shape[0], columns.shape[0])
    let wide = Tensor.product(
      reshaped(to: [planes * height, shape[3]]), columns, transposeB: true)
    return Tensor(uninitialized: [shape[0], shape[1], newHeight, newWidth]) { target in
      withPointers(rows, wide) { rows, wide in
        parallelFor(planes) { plane in
          smoot_sgemm(
            0, 0, newHeight, newWidth, height, 1, rows, height, wide + plane * height * newWidth,
            newWidth, 0, target + plane * newHeight * newWidth, newWidth)
        }
      }
    }
  }
}
