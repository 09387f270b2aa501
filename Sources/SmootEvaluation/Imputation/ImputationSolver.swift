import SmootTensor

/// Fills missing pixels so that each is the weighted mean of its neighbours: 1/6 for those along an edge, 1/12 for those across a corner, in proportion at the image's edge.
///
/// The equations of one mask are the same for all channels: a symmetric system, solved by the method of conjugate gradients in double precision. One cycle of the multigrid
/// method in single precision is the preconditioner; with it, holes of any shape in images of up to 448 x 448 pixels take 3 to 17 steps.
/// A solver keeps its memory from mask to mask; it serves one thread.
final class ImputationSolver {
  private typealias V = VectorLoops

  private let height: Int
  private let width: Int
  private let stride: Int
  private let length: Int
  private let levels: [ImputationLevel]
  private let floats: UnsafeMutableBufferPointer<Float>
  private let doubles: UnsafeMutableBufferPointer<Double>
  /// 1 for an unknown cell, else 0.
  private let unknown: UnsafeMutablePointer<Double>
  /// The sum of the weights of the neighbours inside of the image.
  private let total: UnsafeMutablePointer<Double>
  private let solution: UnsafeMutablePointer<Double>
  private let residual: UnsafeMutablePointer<Double>
  private let direction: UnsafeMutablePointer<Double>
  private let product: UnsafeMutablePointer<Double>
  private let rowSums: UnsafeMutablePointer<Double>

  /// Makes room for images of a size.
  init(height: Int, width: Int) {
    self.height = height
    self.width = width
    stride = width + 2
    length = ImputationLevel.length(height, width)
    var sizes = [(height, width)]
    while let (rows, columns) = sizes.last, max(rows, columns) > 2 {
      sizes.append(((rows + 1) / 2, (columns + 1) / 2))
    }
    let lengths = sizes.map { ImputationLevel.runs * ImputationLevel.length($0.0, $0.1) }
    floats = .allocate(capacity: lengths.reduce(0, +))
    doubles = .allocate(capacity: 7 * length)
    floats.initialize(repeating: 0)
    doubles.initialize(repeating: 0)
    // Both have elements, so both have addresses.
    guard let first = floats.baseAddress, let memory = doubles.baseAddress else {
      preconditionFailure("an image of \(height) x \(width) pixels has no cells")
    }
    var start = first
    levels = zip(sizes, lengths).map { size, length in
      defer { start += length }
      return ImputationLevel(height: size.0, width: size.1, memory: start)
    }
    unknown = memory
    total = memory + length
    solution = memory + 2 * length
    residual = memory + 3 * length
    direction = memory + 4 * length
    product = memory + 5 * length
    rowSums = memory + 6 * length
    for row in 0..<height {
      for column in 0..<width {
        let rows = [row == 0, row == height - 1].count { $0 }
        let columns = [column == 0, column == width - 1].count { $0 }
        // Neighbours that are there: rows x columns of the 3 x 3 square, weighted 1 2 1 by 1 2 1, without the centre.
        let down = 4.0 - Double(rows)
        let across = 4.0 - Double(columns)
        total[(row + 1) * stride + column + 1] = (down * across - 4) / 12
      }
    }
  }

  deinit {
    floats.deallocate()
    doubles.deallocate()
  }

  /// Fills the missing pixels of an image.
  ///
  /// - Parameters:
  ///   - image: [channels, height, width]; changed in place.
  ///   - channels: how many there are.
  ///   - isMissing: tells the pixels to fill; at least one pixel is not missing.
  ///   - tolerance: how far a pixel may be off, by the preconditioner's estimate, as a share of the greatest magnitude among the known ones.
  /// - Returns: how many steps each channel took.
  @discardableResult
  func fill(
    _ image: UnsafeMutablePointer<Float>, channels: Int, tolerance: Double,
    isMissing: (Int) -> Bool
  ) -> [Int] {
    tie(isMissing)
    return (0..<channels).map { channel in
      let plane = image + channel * height * width
      let largest = prepare(plane)
      let steps = solve(below: tolerance * largest)
      for row in 0..<height {
        let cells = (row + 1) * stride + 1
        for column in 0..<width where unknown[cells + column] > 0 {
          plane[row * width + column] = Float(solution[cells + column])
        }
      }
      return steps
    }
  }

  /// Sets up the equations of a mask on all grids.
  private func tie(_ isMissing: (Int) -> Bool) {
    floats.update(repeating: 0)
    for row in 0..<height {
      let cells = (row + 1) * stride + 1
      for column in 0..<width {
        unknown[cells + column] = isMissing(row * width + column) ? 1 : 0
      }
    }
    levels[0].tie(unknown: unknown, total: total)
    for level in levels.indices.dropFirst() { levels[level].coarsen(levels[level - 1]) }
  }

  /// The right-hand side of a channel, in ``residual``; the other vectors become 0.
  ///
  /// - Returns: the greatest magnitude among the known pixels.
  private func prepare(_ plane: UnsafeMutablePointer<Float>) -> Double {
    for vector in [solution, direction, product] { vector.update(repeating: 0, count: length) }
    var largest = 0.0
    // The known pixels, for a moment.
    for row in 0..<height {
      let cells = (row + 1) * stride + 1
      for column in 0..<width {
        let value = Double(plane[row * width + column]) * (1 - unknown[cells + column])
        direction[cells + column] = value
        largest = max(largest, abs(value))
      }
    }
    sumRows(direction)
    for cell in levels[0].range {
      let sum = rowSums[cell - stride] + 2 * rowSums[cell] + rowSums[cell + stride]
      residual[cell] = unknown[cell] * (sum - 4 * direction[cell]) / 12
    }
    direction.update(repeating: 0, count: length)
    return largest
  }

  /// The sums 1 2 1 of three neighbours in each row.
  private func sumRows(_ vector: UnsafeMutablePointer<Double>) {
    let (rowSums, range) = (rowSums, stride..<stride * (height + 1))
    V.byEights(range) { i in
      V.store(
        V.load(vector, i - 1) + V.load(vector, i) * 2 + V.load(vector, i + 1), rowSums, i)
    }
    // A loop by eights may have gone beyond the last row.
    (rowSums + range.upperBound).update(repeating: 0, count: min(stride, 8))
  }

  /// Conjugate gradients until the correction that the preconditioner asks for is below a bound everywhere.
  private func solve(below bound: Double) -> Int {
    var former = precondition()
    let (x, r, p, q, z) = (solution, residual, direction, product, levels[0].x)
    let range = levels[0].range
    guard former.product > 0, former.largest > bound else {
      V.byEights(range) { i in V.store(Self.wide(V.load(z, i)), x, i) }
      return 0
    }
    var ratio = 0.0
    for step in 1...Self.mostSteps {
      V.byEights(range) { i in
        V.store(Self.wide(V.load(z, i)) + V.load(p, i) * ratio, p, i)
      }
      let curvature = multiply()
      guard curvature > 0 else { return step }
      let length = former.product / curvature
      V.byEights(range) { i in
        V.store(V.load(x, i) + V.load(p, i) * length, x, i)
        V.store(V.load(r, i) - V.load(q, i) * length, r, i)
      }
      let next = precondition()
      if next.largest <= bound || next.product <= 0 {
        // The last correction is at hand, so it is made.
        V.byEights(range) { i in V.store(V.load(x, i) + Self.wide(V.load(z, i)), x, i) }
        return step
      }
      ratio = next.product / former.product
      former = next
    }
    return Self.mostSteps
  }

  private static let mostSteps = 200

  @inline(__always)
  private static func wide(_ values: SIMD8<Float>) -> SIMD8<Double> { SIMD8<Double>(values) }

  /// The system times ``direction``, in ``product``.
  ///
  /// - Returns: the scalar product of both.
  private func multiply() -> Double {
    sumRows(direction)
    let (p, q, sums, total, unknown) = (direction, product, rowSums, total, unknown)
    let stride = stride
    var dot = SIMD8<Double>()
    V.byEights(levels[0].range) { i in
      let sum = V.load(sums, i - stride) + V.load(sums, i) * 2 + V.load(sums, i + stride)
      let value = V.load(p, i)
      // The sum holds the centre four times.
      let result =
        V.load(unknown, i) * ((V.load(total, i) + 1.0 / 3) * value - sum * (1.0 / 12))
      V.store(result, q, i)
      dot += result * value
    }
    return dot.sum()
  }

  /// One cycle of the multigrid method on ``residual``; its result is in the finest level.
  ///
  /// - Returns: the scalar product with the residual, and the greatest magnitude.
  private func precondition() -> (product: Double, largest: Double) {
    let (fine, r) = (levels[0], residual)
    V.byEights(fine.range) { i in V.store(SIMD8<Float>(V.load(r, i)), fine.b, i) }
    for level in levels.indices.dropLast() {
      levels[level].begin()
      levels[level].findResidual()
      levels[level].restrict(to: levels[level + 1])
    }
    if let coarsest = levels.last {
      coarsest.begin()
      for _ in 0..<8 { coarsest.smooth() }
    }
    for level in levels.indices.dropLast().reversed() {
      levels[level].correct(from: levels[level + 1])
      levels[level].smooth()
    }
    var dot = SIMD8<Double>()
    var largest = SIMD8<Float>()
    V.byEights(fine.range) { i in
      let value = V.load(fine.x, i)
      dot += Self.wide(value) * V.load(r, i)
      largest = pointwiseMax(largest, pointwiseMax(value, -value))
    }
    return (dot.sum(), Double(largest.max()))
  }
}
