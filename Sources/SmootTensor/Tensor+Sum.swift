extension Tensor {
  /// A tensor that a function computes, or adds to another one in its place.
  ///
  /// - Parameters:
  ///   - shape: the extents.
  ///   - precision: as which numbers the function writes.
  ///   - sum: what the function adds to; its memory is taken where nobody else has it.
  ///   - body: gets the elements, undefined without a sum, and whether there is one.
  package static func computed(
    _ shape: Shape, _ precision: Precision, addingTo sum: consuming Tensor?,
    _ body: (UnsafeMutableRawPointer, _ adds: Bool) -> Void
  ) -> Tensor {
    guard let sum = consume sum else {
      return Tensor(uninitialized: shape, precision) { body($0, false) }
    }
    precondition(
      sum.shape == shape, "\(shape) cannot be added to a tensor of shape \(sum.shape)")
    var result = consume sum
    result.makeUnique(precision)
    body(result.storage.address, true)
    return result
  }
}
