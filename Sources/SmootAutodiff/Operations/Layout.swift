public import SmootTensor

/// A new shape for the same elements.
struct Reshape: Rearrangement {
  let name = "reshape"
  let input: Shape

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] { [gradient.reshaped(to: input)] }
}

/// A new order of the axes.
struct Permutation: Rearrangement {
  let name = "permute"
  let axes: [Int]

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    var inverse = axes
    for (position, axis) in axes.enumerated() { inverse[axis] = position }
    return [gradient.permuted(inverse)]
  }
}

/// A range along one axis.
struct Slice: Rearrangement {
  let name = "slice"
  let input: Shape
  let axis: Int
  let range: Range<Int>

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    func zeros(_ extent: Int) -> Tensor {
      var dimensions = input.dimensions
      dimensions[axis] = extent
      return Tensor.zeros(Shape(dimensions))
    }
    let after = input[axis] - range.upperBound
    return [.concatenated([zeros(range.lowerBound), gradient, zeros(after)], axis: axis)]
  }
}

/// Several tensors side by side along one axis.
struct Concatenation: Rearrangement {
  let name = "concatenate"
  let axis: Int
  let extents: [Int]

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    var start = 0
    return zip(extents, needs).map { extent, isNeeded in
      defer { start += extent }
      return isNeeded ? gradient.sliced(axis: axis, start..<start + extent) : nil
    }
  }
}

/// Repetition along axes of extent 1.
struct Broadcast: Rearrangement {
  let name = "broadcast"
  let input: Shape

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] { [gradient.summed(to: input)] }
}

extension Variable {
  /// The same elements under another shape.
  public func reshaped(to shape: Shape) -> Variable {
    Self.record(Reshape(input: self.shape), inputs: [self], output: value.reshaped(to: shape))
  }

  /// The tensor with its axes in another order; `axes` names, for each axis of the result, the axis it was.
  public func permuted(_ axes: [Int]) -> Variable {
    Self.record(Permutation(axes: axes), inputs: [self], output: value.permuted(axes))
  }

  /// The part where axis `axis` runs over `range`.
  public func sliced(axis: Int, _ range: Range<Int>) -> Variable {
    Self.record(
      Slice(input: shape, axis: axis, range: range), inputs: [self],
      output: value.sliced(axis: axis, range))
  }

  /// Variables side by side along an axis.
  public static func concatenated(_ parts: [Variable], axis: Int) -> Variable {
    record(
      Concatenation(axis: axis, extents: parts.map { $0.shape[axis] }), inputs: parts,
      output: .concatenated(parts.map(\.value), axis: axis))
  }

  /// The tensor repeated along the axes where it has extent 1.
  public func broadcast(to shape: Shape) -> Variable {
    Self.record(Broadcast(input: self.shape), inputs: [self], output: value.broadcast(to: shape))
  }

  /// Images [batch, channels, height, width] as the kernels take them: [batch, height, width, channels].
  ///
  /// With a single channel both orders are the same and nothing is moved.
  public var channelsLast: Variable {
    precondition(shape.rank == 4, "images have four axes, not the shape \(shape)")
    if shape[1] == 1 { return reshaped(to: [shape[0], shape[2], shape[3], 1]) }
    return permuted([0, 2, 3, 1])
  }

  /// Images [batch, height, width, channels] in the order of the public interface: [batch, channels, height, width].
  public var channelsFirst: Variable {
    precondition(shape.rank == 4, "images have four axes, not the shape \(shape)")
    if shape[3] == 1 { return reshaped(to: [shape[0], 1, shape[1], shape[2]]) }
    return permuted([0, 3, 1, 2])
  }
}
