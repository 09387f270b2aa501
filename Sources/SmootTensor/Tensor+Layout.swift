extension Tensor {
  /// The tensor with its axes in another order, as a copy in memory order.
  ///
  /// - Parameter axes: for each axis of the result, the axis of this tensor that it is.
  /// - Precondition: `axes` names each axis once.
  public func permuted(_ axes: [Int]) -> Tensor {
    precondition(
      axes.sorted() == Array(0..<shape.rank),
      "\(axes) does not name each of the \(shape.rank) axes of \(shape) once")
    let result = Shape(axes.map { shape[$0] })
    if axes == Array(0..<shape.rank) || count <= 1 { return reshaped(to: result) }
    let strides = self.shape.strides
    return gathered(result, strides: axes.map { strides[$0] }, offset: 0)
  }

  /// A matrix with rows and columns exchanged.
  ///
  /// - Precondition: the tensor has two axes.
  public var transposed: Tensor {
    precondition(shape.rank == 2, "only a matrix has a transpose, not a tensor of shape \(shape)")
    return permuted([1, 0])
  }

  /// The part of the tensor where axis `axis` runs over `range`.
  ///
  /// - Precondition: the range lies within the axis.
  public func sliced(axis: Int, _ range: Range<Int>) -> Tensor {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= shape[axis],
      "\(range) is outside of axis \(axis) of \(shape)")
    var dimensions = shape.dimensions
    dimensions[axis] = range.count
    let strides = shape.strides
    return gathered(Shape(dimensions), strides: strides, offset: range.lowerBound * strides[axis])
  }

  /// Tensors set side by side along an axis.
  ///
  /// - Precondition: there is at least one, and their shapes differ along `axis` only.
  public static func concatenated(_ parts: [Tensor], axis: Int) -> Tensor {
    precondition(!parts.isEmpty, "there is nothing to concatenate")
    var dimensions = parts[0].shape.dimensions
    dimensions[axis] = parts.reduce(0) { $0 + $1.shape[axis] }
    let outer = dimensions[..<axis].reduce(1, *)
    let inner = dimensions[(axis + 1)...].reduce(1, *)
    for part in parts {
      var expected = dimensions
      expected[axis] = part.shape[axis]
      precondition(
        part.shape.dimensions == expected,
        "\(part.shape) does not go beside \(parts[0].shape) along axis \(axis)")
    }
    return Tensor(uninitialized: Shape(dimensions)) { target in
      var start = 0
      for part in parts {
        let run = part.shape[axis] * inner
        part.withUnsafeElements { source in
          guard run > 0, let source = source.baseAddress else { return }
          for row in 0..<outer {
            (target + row * dimensions[axis] * inner + start).update(
              from: source + row * run, count: run)
          }
        }
        start += run
      }
    }
  }

  /// The elements at `offset` + a sum of index x stride, over all indices of `shape`.
  ///
  /// A stride of 0 repeats an element.
  func gathered(_ shape: Shape, strides: [Int], offset: Int) -> Tensor {
    precondition(strides.count == shape.rank)
    let rank = shape.rank
    let columns = rank > 0 ? shape[rank - 1] : 1
    let columnStride = rank > 0 ? strides[rank - 1] : 0
    let rows = columns > 0 ? shape.count / columns : 0
    return Tensor(uninitialized: shape) { target in
      withPointers(self) { source in
        parallelRanges(rows, grain: max(1, 16384 / max(1, columns))) { range in
          for row in range {
            var (rest, start) = (row, offset)
            for axis in stride(from: rank - 2, through: 0, by: -1) {
              start += rest % shape[axis] * strides[axis]
              rest /= shape[axis]
            }
            let to = target + row * columns
            let from = source + start
            if columnStride == 1 {
              to.update(from: from, count: columns)
            } else {
              for column in 0..<columns { to[column] = from[column * columnStride] }
            }
          }
        }
      }
    }
  }
}
