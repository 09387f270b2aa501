/// One grid of the multigrid method that ``ImputationSolver`` is preconditioned with.
///
/// Each unknown cell is tied to its eight neighbours by weights, and to the known values by its pull: row i of the system is
/// (sum of weights + pull) x_i - sum of weight x neighbour. Cells lie in rows with an empty cell at both ends and an empty row above and below, so that no loop asks for edges.
struct ImputationLevel {
  private typealias V = VectorLoops

  /// How many rows of cells.
  let height: Int
  /// How many columns of cells.
  let width: Int
  /// From one row to the next in memory.
  var stride: Int { width + 2 }
  /// The cells in memory, without the first and last empty row.
  var range: Range<Int> { stride + 1..<stride * (height + 1) }

  /// How many numbers a run needs: the padded grid, and room for loops by eights.
  static func length(_ height: Int, _ width: Int) -> Int { (height + 3) * (width + 2) + 16 }

  /// The runs of numbers that a level has.
  static let runs = 10

  /// The weight to the neighbour on the right.
  let east: UnsafeMutablePointer<Float>
  /// The weight to the neighbour below.
  let south: UnsafeMutablePointer<Float>
  /// The weight to the neighbour below on the right.
  let southEast: UnsafeMutablePointer<Float>
  /// The weight to the neighbour below on the left.
  let southWest: UnsafeMutablePointer<Float>
  /// The weight to known values.
  let pull: UnsafeMutablePointer<Float>
  /// The diagonal of the system; 0 for cells that are not unknown.
  let diagonal: UnsafeMutablePointer<Float>
  /// The damping divided by the diagonal; 0 for cells that are not unknown.
  let step: UnsafeMutablePointer<Float>
  /// The solution.
  let x: UnsafeMutablePointer<Float>
  /// The right-hand side.
  let b: UnsafeMutablePointer<Float>
  /// What is left of the right-hand side.
  let residual: UnsafeMutablePointer<Float>

  /// The damping of Jacobi's method.
  private static let damping: Float = 0.8

  /// Places a level in memory that holds zeros.
  init(height: Int, width: Int, memory: UnsafeMutablePointer<Float>) {
    self.height = height
    self.width = width
    let length = Self.length(height, width)
    func run(_ number: Int) -> UnsafeMutablePointer<Float> { memory + number * length }
    east = run(0)
    south = run(1)
    southEast = run(2)
    southWest = run(3)
    pull = run(4)
    diagonal = run(5)
    step = run(6)
    x = run(7)
    b = run(8)
    residual = run(9)
  }

  /// The weights of the finest grid: 1/6 to neighbours that touch along an edge, 1/12 across a corner, between cells that are both unknown.
  ///
  /// - Parameters:
  ///   - unknown: 1 for an unknown cell, else 0, on this padded grid.
  ///   - total: the sum of the weights of the neighbours inside of the image.
  func tie(unknown: UnsafeMutablePointer<Double>, total: UnsafeMutablePointer<Double>) {
    let stride = stride
    let (edge, corner) = (Float(1.0 / 6), Float(1.0 / 12))
    func both(_ a: Int, _ b: Int) -> Float { Float(unknown[a] * unknown[b]) }
    for cell in range {
      east[cell] = edge * both(cell, cell + 1)
      south[cell] = edge * both(cell, cell + stride)
      southEast[cell] = corner * both(cell, cell + stride + 1)
      southWest[cell] = corner * both(cell, cell + stride - 1)
    }
    for cell in range where unknown[cell] > 0 {
      // What the unknown neighbours leave of the total; exactly 0 where none is known.
      let known =
        (2 - unknown[cell - 1] - unknown[cell + 1])
        + (2 - unknown[cell - stride] - unknown[cell + stride])
      let corners =
        (2 - unknown[cell - stride - 1] - unknown[cell - stride + 1])
        + (2 - unknown[cell + stride - 1] - unknown[cell + stride + 1])
      let outside = 1 - total[cell]
      pull[cell] = Float(max(0, known / 6 + corners / 12 - outside))
      finish(cell)
    }
  }

  /// The weights of a grid of half the resolution: sums over squares of four cells, those between cells halved.
  ///
  /// Halving makes up for what steps between squares cost more than slopes do.
  func coarsen(_ fine: ImputationLevel) {
    let stride = fine.stride
    for row in 0..<height {
      for column in 0..<width {
        let cell = (row + 1) * self.stride + column + 1
        let a = (2 * row + 1) * stride + 2 * column + 1
        let (b, c, d) = (a + 1, a + stride, a + stride + 1)
        let active = fine.diagonal[a] + fine.diagonal[b] + fine.diagonal[c] + fine.diagonal[d]
        guard active > 0 else { continue }
        east[cell] =
          0.5 * (fine.east[b] + fine.east[d] + fine.southEast[b] + fine.southWest[b + 1])
        south[cell] =
          0.5 * (fine.south[c] + fine.south[d] + fine.southEast[c] + fine.southWest[d])
        southEast[cell] = 0.5 * fine.southEast[d]
        southWest[cell] = 0.5 * fine.southWest[c]
        pull[cell] = fine.pull[a] + fine.pull[b] + fine.pull[c] + fine.pull[d]
      }
    }
    for row in 0..<height {
      for column in 0..<width {
        let a = (2 * row + 1) * stride + 2 * column + 1
        let active =
          fine.diagonal[a] + fine.diagonal[a + 1] + fine.diagonal[a + stride]
          + fine.diagonal[a + stride + 1]
        if active > 0 { finish((row + 1) * self.stride + column + 1) }
      }
    }
  }

  /// The diagonal of an unknown cell.
  private func finish(_ cell: Int) {
    let stride = stride
    let sum =
      east[cell] + east[cell - 1] + south[cell] + south[cell - stride] + southEast[cell]
      + southEast[cell - stride - 1] + southWest[cell] + southWest[cell - stride + 1] + pull[cell]
    diagonal[cell] = sum
    step[cell] = sum > 0 ? Self.damping / sum : 0
  }

  /// The solution after one step of Jacobi's method from 0.
  func begin() {
    V.byEights(range) { V.store(V.load(step, $0) * V.load(b, $0), x, $0) }
  }

  /// One more step.
  func smooth() {
    findResidual()
    V.byEights(range) { index in
      V.store(
        V.load(x, index) + V.load(step, index) * V.load(residual, index), x, index)
    }
  }

  /// What the solution leaves of the right-hand side.
  func findResidual() {
    let stride = stride
    V.byEights(range) { i in
      var sum = V.load(east, i) * V.load(x, i + 1)
      sum += V.load(east, i - 1) * V.load(x, i - 1)
      sum += V.load(south, i) * V.load(x, i + stride)
      sum += V.load(south, i - stride) * V.load(x, i - stride)
      sum += V.load(southEast, i) * V.load(x, i + stride + 1)
      sum += V.load(southEast, i - stride - 1) * V.load(x, i - stride - 1)
      sum += V.load(southWest, i) * V.load(x, i + stride - 1)
      sum += V.load(southWest, i - stride + 1) * V.load(x, i - stride + 1)
      V.store(V.load(b, i) - V.load(diagonal, i) * V.load(x, i) + sum, residual, i)
    }
  }

  /// Hands what is left to a coarser grid.
  func restrict(to coarse: ImputationLevel) {
    for row in 0..<coarse.height {
      var from = (2 * row + 1) * stride + 1
      var to = (row + 1) * coarse.stride + 1
      for _ in 0..<coarse.width {
        coarse.b[to] =
          residual[from] + residual[from + 1] + residual[from + stride]
          + residual[from + stride + 1]
        from &+= 2
        to &+= 1
      }
    }
  }

  /// Adds the solution of a coarser grid to the unknown cells.
  func correct(from coarse: ImputationLevel) {
    for row in 0..<height {
      let from = (row / 2 + 1) * coarse.stride + 1
      let to = (row + 1) * stride + 1
      for column in 0..<width where step[to + column] > 0 {
        x[to + column] += coarse.x[from + column / 2]
      }
    }
  }
}
