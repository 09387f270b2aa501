public import SmootTensor

/// Images stretched or shrunk: rows x image x columns^T for each channel.
struct Resize: AffineOperation {
  let name = "resize"
  /// [new height, height].
  let rows: Tensor
  /// [new width, width].
  let columns: Tensor

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    [gradient.resampled(rows: rows.permuted([1, 0]), columns: columns.permuted([1, 0]))]
  }
}

extension Variable {
  /// Images of another size, without antialiasing, as PyTorch's `interpolate(..., align_corners=False)` makes them.
  ///
  /// - Parameters:
  ///   - height: the new height.
  ///   - width: the new width.
  ///   - interpolation: how values between pixels are found.
  /// - Returns: [batch, channels, height, width].
  /// - Precondition: this is [batch, channels, old height, old width].
  public func resized(height: Int, width: Int, _ interpolation: Interpolation) -> Variable {
    precondition(shape.rank == 4, "\(shape) is not a batch of images")
    let rows = interpolation.matrix(from: shape[2], to: height, antialias: false)
    let columns = interpolation.matrix(from: shape[3], to: width, antialias: false)
    return Self.record(
      Resize(rows: rows, columns: columns), inputs: [self],
      output: value.resampled(rows: rows, columns: columns))
  }
}
