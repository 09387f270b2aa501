import SmootTensor

/// GELU of each number of the hidden layer of a perceptron.
struct PerceptronMiddle<Number: TransformerNumber>: BranchMiddle {
  static var name: String { "gelu" }

  /// Numbers in a row of the hidden layer.
  let width: Int
  /// The derivative of GELU where it was computed.
  private let slopes: NumberStorage<Number>

  init(width: Int, room: (parts: Int, rows: Int)) {
    self.width = width
    slopes = NumberStorage(count: room.rows * width)
  }

  var multiplyAdds: Int { 0 }
  var scratchCount: Int { 0 }

  func forward(
    _ rows: Int, at place: BranchPieces.Place, into result: UnsafeMutablePointer<Number>,
    _ memory: BranchMemory, _ inner: (UnsafeMutablePointer<Float>) -> Void
  ) {
    inner(memory.staging)
    Number.geluWithSlope(rows * width, memory.staging, result, slopes.start + place.row * width)
  }

  func backward(
    _ rows: Int, at place: BranchPieces.Place, _ gradient: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Number>, sums: UnsafeMutablePointer<Float>?,
    _ memory: BranchMemory
  ) {
    Number.slopeBackward(rows, width, slopes.start + place.row * width, gradient, result, sums)
  }
}
