import SmootTensor

/// What a branch of a transformer block computes between its two linear maps, a piece at a time.
///
/// It keeps what its gradient needs in memory of its own.
protocol BranchMiddle {
  /// What the linear maps multiply.
  associatedtype Number: ProductNumber

  /// Its name in that of the branch.
  static var name: String { get }
  /// Products that a piece adds up on the way forward.
  var multiplyAdds: Int { get }
  /// Floats of scratch memory that a thread needs.
  var scratchCount: Int { get }

  /// What the outer map reads, given what the inner one gives.
  ///
  /// - Parameters:
  ///   - rows: of the piece.
  ///   - place: where its numbers are kept.
  ///   - result: gets the wanted rows.
  ///   - memory: for one thread.
  ///   - inner: writes the rows that the inner map gives.
  func forward(
    _ rows: Int, at place: BranchPieces.Place, into result: UnsafeMutablePointer<Number>,
    _ memory: BranchMemory, _ inner: (UnsafeMutablePointer<Float>) -> Void)

  /// The gradient of the rows that the inner map gives, given that of what the outer one reads.
  ///
  /// - Parameters:
  ///   - rows: of the piece.
  ///   - place: where its numbers were kept.
  ///   - gradient: that of the wanted rows.
  ///   - result: gets the gradient of all rows.
  ///   - sums: to which it is added, before it is rounded, row by row, if they are wanted.
  ///   - memory: for one thread.
  func backward(
    _ rows: Int, at place: BranchPieces.Place, _ gradient: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Number>, sums: UnsafeMutablePointer<Float>?,
    _ memory: BranchMemory)
}
