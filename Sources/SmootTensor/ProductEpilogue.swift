package import CSmootKernels

/// What follows a product or a convolution while its sums are in registers: each is multiplied by the scale of its column, the shift of its column and an addend are added, and what is
/// below zero may then become zero.
package struct ProductEpilogue {
  /// [columns]; 1 where there is none.
  package var scale: Tensor?
  /// [columns]; 0 where there is none.
  package var shift: Tensor?
  /// As many numbers as the result has, and of its precision; 0 where there are none.
  package var addend: Tensor?
  /// Whether what is added is what the result holds already, instead of the addend; there is no scale then.
  package var addsToResult: Bool
  /// Whether a ReLU comes last.
  package var rectifies: Bool

  /// Nothing, unless told otherwise.
  package init(
    scale: Tensor? = nil, shift: Tensor? = nil, addend: Tensor? = nil, addsToResult: Bool = false,
    rectifies: Bool = false
  ) {
    (self.scale, self.shift, self.addend) = (scale, shift, addend)
    (self.addsToResult, self.rectifies) = (addsToResult, rectifies)
  }

  /// Calls a function with the epilogue as kernels take it.
  ///
  /// - Parameter result: where they write.
  package func withKernelArgument<Result>(
    for result: UnsafeRawPointer,
    _ body: (UnsafePointer<smoot_epilogue>) throws -> Result
  ) rethrows -> Result {
    let none = Tensor(0)
    return try withPointers(scale ?? none, shift ?? none) { scales, shifts in
      try (addend ?? none).withBytes { addends in
        var argument = smoot_epilogue(
          scale: scale == nil ? nil : scales, shift: shift == nil ? nil : shifts,
          addend: addsToResult ? result : addend == nil ? nil : addends,
          rectifies: rectifies ? 1 : 0)
        return try withUnsafePointer(to: &argument, body)
      }
    }
  }
}
