extension Tensor {
  /// A tensor that a function computes, or adds to another one in its place.
  ///
  /// - Parameters:
  ///   - shape: the extents.
  ///   - sum: what the function adds to; its memory is taken where nobody else has it.
  ///   - body: gets the elements, undefined without a sum, and whether there is one.
  package static func computed(
    _ shape: Shape, addingTo sum: consuming Tensor?,
    _ body: (UnsafeMutablePointer<Float>, _ adds: Bool) -> Void
  ) -> Tensor {
    guard var result = consume sum else { return Tensor(uninitialized: shape) { body($0, false) } }
    precondition(
      result.shape == shape, "\(shape) cannot be added to a tensor of shape \(result.shape)")
    result.withUnsafeMutableElements { elements in
      if let start = elements.baseAddress { body(start, true) }
    }
    return result
  }
}
