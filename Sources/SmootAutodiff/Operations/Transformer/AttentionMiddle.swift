import CSmootKernels
import SmootTensor

/// Attention among the tokens of an image, which is a piece.
struct AttentionMiddle<Number: TransformerNumber>: BranchMiddle {
  static var name: String { "attention" }

  let layout: AttentionLayout
  /// Queries, keys and values.
  private let numbers: NumberStorage<Number>
  /// The softmax of each head.
  private let weights: NumberStorage<Float>

  init(_ layout: AttentionLayout, room: (parts: Int, rows: Int)) {
    self.layout = layout
    numbers = NumberStorage(count: room.rows * layout.row)
    weights = NumberStorage(count: room.parts * layout.weightCount)
  }

  /// Queries times keys, and weights times values.
  var multiplyAdds: Int { 2 * layout.queries * layout.tokens * layout.dimension }
  var scratchCount: Int { layout.scratchCount }

  func forward(
    _ rows: Int, at place: BranchPieces.Place, into result: UnsafeMutablePointer<Number>,
    _ memory: BranchMemory, _ inner: (UnsafeMutablePointer<Float>) -> Void
  ) {
    let own = numbers.start + place.row * layout.row
    Number.keep(rows * layout.row, in: own, staging: memory.staging, inner)
    Number.keep(layout.queries * layout.dimension, in: result, staging: memory.staging) {
      layout.forward(
        own, nil, weights: weights.start + place.part * layout.weightCount, result: $0,
        scratch: memory.scratch)
    }
  }

  func backward(
    _ rows: Int, at place: BranchPieces.Place, _ gradient: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Number>, sums: UnsafeMutablePointer<Float>?,
    _ memory: BranchMemory
  ) {
    Number.keep(rows * layout.row, in: result, staging: memory.staging) {
      layout.backward(
        numbers.start + place.row * layout.row, nil,
        weights: weights.start + place.part * layout.weightCount, upstream: gradient, gradient: $0,
        scratch: memory.scratch)
      if let sums { smoot_column_sums_f32(rows, layout.row, $0, sums) }
    }
  }
}
