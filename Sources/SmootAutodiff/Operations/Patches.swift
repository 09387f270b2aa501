import SmootTensor

/// Square patches of images, each as a row.
struct Patches: Rearrangement {
  let name = "patches"
  let input: Shape
  let size: Int

  /// [batch, channels, rows, size, columns, size].
  private var split: Shape {
    [input[0], input[1], input[2] / size, size, input[3] / size, size]
  }

  func forward(_ images: Tensor) -> Tensor {
    images.reshaped(to: split).permuted([0, 2, 4, 1, 3, 5])
      .reshaped(to: [input.count / (input[1] * size * size), input[1] * size * size])
  }

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    let grid: Shape = [input[0], split[2], split[4], input[1], size, size]
    return [gradient.reshaped(to: grid).permuted([0, 3, 1, 4, 2, 5]).reshaped(to: input)]
  }
}

extension Variable {
  /// The square patches of images, which do not overlap, in row-major order.
  ///
  /// - Parameter size: rows and columns of a patch.
  /// - Returns: [batch x patches, channels x size x size].
  /// - Precondition: this is [batch, channels, height, width], and `size` divides height and width.
  public func patches(size: Int) -> Variable {
    precondition(
      shape.rank == 4 && size > 0 && shape[2] % size == 0 && shape[3] % size == 0,
      "images of shape \(shape) cannot be cut into patches of \(size) x \(size)")
    let operation = Patches(input: shape, size: size)
    return Self.record(operation, inputs: [self], output: operation.forward(value))
  }
}
