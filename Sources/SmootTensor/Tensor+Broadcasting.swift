extension Tensor {
  /// The tensor repeated along the axes where it has extent 1, as NumPy does.
  ///
  /// - Precondition: the shapes agree apart from such axes.
  public func broadcast(to target: Shape) -> Tensor {
    if shape == target { return self }
    precondition(
      shape.broadcast(with: target) == target, "\(shape) cannot be broadcast to \(target)")
    let missing = target.rank - shape.rank
    let own = shape.strides
    let strides = (0..<target.rank).map { axis in
      axis < missing || shape[axis - missing] == 1 ? 0 : own[axis - missing]
    }
    return gathered(target, strides: strides, offset: 0)
  }

  /// The sum over the axes along which `shape` was broadcast to this tensor's shape: the gradient of ``broadcast(to:)``.
  public func summed(to shape: Shape) -> Tensor {
    if self.shape == shape { return self }
    precondition(
      shape.broadcast(with: self.shape) == self.shape, "\(self.shape) cannot be summed to \(shape)")
    let missing = self.shape.rank - shape.rank
    let axes = (0..<self.shape.rank).filter { axis in
      axis < missing || (shape[axis - missing] == 1 && self.shape[axis] != 1)
    }
    return sum(over: axes).reshaped(to: shape)
  }
}
