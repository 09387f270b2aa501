extension Tensor {
  /// The sum over some axes, which keep extent 1.
  ///
  /// Elements are added in pairs of pairs, in an order that depends on the shape alone.
  public func sum(over axes: [Int]) -> Tensor { reduced(over: axes, Self.pairwiseSum) }

  /// The mean over some axes, which keep extent 1.
  public func mean(over axes: [Int]) -> Tensor {
    let elements = axes.reduce(1) { $0 * shape[$1] }
    return reduced(over: axes) { Self.pairwiseSum($0) / Float(elements) }
  }

  /// The maximum over some axes, which keep extent 1.
  public func maximum(over axes: [Int]) -> Tensor {
    reduced(over: axes) { run in run.reduce(-.infinity) { $1 > $0 || $1.isNaN ? $1 : $0 } }
  }

  /// The sum of all elements, in double precision.
  public var total: Double {
    withUnsafeElements { $0.reduce(0) { $0 + Double($1) } }
  }

  /// For each row of a matrix the column with the largest value, the first of them where several are equal.
  ///
  /// - Precondition: the tensor has two axes and at least one column.
  public var argmaxOfRows: [Int] {
    precondition(shape.rank == 2 && shape[1] > 0, "argmaxOfRows needs a matrix, not \(shape)")
    return withUnsafeElements { elements in
      (0..<shape[0]).map { row in
        let start = row * shape[1]
        var best = start
        for index in start..<start + shape[1] where elements[index] > elements[best] {
          best = index
        }
        return best - start
      }
    }
  }

  private func reduced(
    over axes: [Int], _ reduce: (UnsafeBufferPointer<Float>) -> Float
  ) -> Tensor {
    precondition(
      axes.allSatisfy { (0..<shape.rank).contains($0) },
      "a tensor of shape \(shape) has no axes \(axes)")
    let reducedAxes = Set(axes)
    let kept = (0..<shape.rank).filter { !reducedAxes.contains($0) }
    let order = kept + reducedAxes.sorted()
    let result = Shape((0..<shape.rank).map { reducedAxes.contains($0) ? 1 : shape[$0] })
    let run = axes.isEmpty ? 1 : reducedAxes.reduce(1) { $0 * shape[$1] }
    let source = permuted(order)
    return Tensor(uninitialized: result) { target in
      withPointers(source) { elements in
        parallelRanges(result.count, grain: max(1, 32768 / max(1, run))) { range in
          for index in range {
            target[index] = reduce(UnsafeBufferPointer(start: elements + index * run, count: run))
          }
        }
      }
    }
  }

  private static func pairwiseSum(_ run: UnsafeBufferPointer<Float>) -> Float {
    if run.count <= 64 {
      var sum: Float = 0
      for value in run { sum += value }
      return sum
    }
    let half = run.count / 2
    return pairwiseSum(UnsafeBufferPointer(rebasing: run[..<half]))
      + pairwiseSum(UnsafeBufferPointer(rebasing: run[half...]))
  }
}
