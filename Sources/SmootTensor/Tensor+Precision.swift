import CSmootKernels

/// Tensors whose elements lie in memory as other numbers than floats.
///
/// Everybody can read and change them as floats; that costs a pass over them, once, so that operations that meet them often take them as they are.
extension Tensor {
  /// In which numbers the elements lie in memory.
  package var precision: Precision { storage.precision }

  /// How many bytes they take there.
  package var byteCount: Int { count * precision.byteCount }

  /// Makes a tensor and lets a function write all of its elements, which begin undefined, as numbers of a precision.
  package init(
    uninitialized shape: Shape, _ precision: Precision,
    _ initialize: (UnsafeMutableRawPointer) throws -> Void
  ) rethrows {
    self.init(shape: shape, storage: TensorStorage(count: shape.count, precision))
    try initialize(storage.address)
  }

  /// The tensor with its elements in memory as numbers of a precision; they are rounded where that has fewer bits.
  package func converted(to precision: Precision) -> Tensor {
    switch precision {
    case self.precision: self
    case .float32: Tensor(shape: shape, storage: storage.floats)
    case .bfloat16: Tensor(shape: shape, storage: storage.rounded())
    }
  }

  /// Calls a function with the address of the elements as they lie in memory.
  package func withBytes<Result>(_ body: (UnsafeRawPointer) throws -> Result) rethrows -> Result {
    defer { withExtendedLifetime(storage) {} }
    return try body(storage.address)
  }

  /// Calls a function with the address of the elements.
  ///
  /// - Precondition: they lie in memory as the numbers that the function takes.
  package func withNumbers<Number: ProductNumber, Result>(
    _ body: (UnsafePointer<Number>) -> Result
  ) -> Result {
    precondition(precision == Number.precision, "the tensor of shape \(shape) is \(precision)")
    return withBytes { body($0.assumingMemoryBound(to: Number.self)) }
  }

  /// Calls a function with what gives some of the elements as floats: where they lie, or widened into the room for as many.
  package func withFloats<Result>(
    _ body: (
      (_ elements: Range<Int>, _ room: UnsafeMutablePointer<Float>) -> UnsafePointer<Float>
    ) -> Result
  ) -> Result {
    switch precision {
    case .float32: withNumbers { numbers in body { elements, _ in numbers + elements.lowerBound } }
    case .bfloat16:
      withNumbers { (numbers: UnsafePointer<UInt16>) in
        body { elements, room in
          smoot_bfloat16_to_f32(elements.count, numbers + elements.lowerBound, room)
          return UnsafePointer(room)
        }
      }
    }
  }
}
