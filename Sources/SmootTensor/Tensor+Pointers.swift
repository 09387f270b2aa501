/// Calls a function with the addresses of a tensor's elements, for a kernel to read.
package func withPointers<Result>(
  _ a: Tensor, _ body: (UnsafePointer<Float>) throws -> Result
) rethrows -> Result {
  defer { withExtendedLifetime(a.storage) {} }
  return try body(a.readPointer)
}

/// Calls a function with the addresses of the elements of two tensors.
package func withPointers<Result>(
  _ a: Tensor, _ b: Tensor,
  _ body: (UnsafePointer<Float>, UnsafePointer<Float>) throws -> Result
) rethrows -> Result {
  defer { withExtendedLifetime((a.storage, b.storage)) {} }
  return try body(a.readPointer, b.readPointer)
}

/// Calls a function with the addresses of the elements of three tensors.
package func withPointers<Result>(
  _ a: Tensor, _ b: Tensor, _ c: Tensor,
  _ body: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>) throws -> Result
) rethrows -> Result {
  defer { withExtendedLifetime((a.storage, b.storage, c.storage)) {} }
  return try body(a.readPointer, b.readPointer, c.readPointer)
}

/// Calls a function with the addresses of the elements of four tensors.
package func withPointers<Result>(
  _ a: Tensor, _ b: Tensor, _ c: Tensor, _ d: Tensor,
  _ body: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>)
    throws -> Result
) rethrows -> Result {
  defer { withExtendedLifetime((a.storage, b.storage, c.storage, d.storage)) {} }
  return try body(a.readPointer, b.readPointer, c.readPointer, d.readPointer)
}

extension Tensor {
  /// The address of the first element; an empty tensor has one too, which nobody may read.
  fileprivate var readPointer: UnsafePointer<Float> { UnsafePointer(storage.start) }

  /// Calls a function with the address of the elements, for a kernel to change in place.
  package mutating func withMutablePointer<Result>(
    _ body: (UnsafeMutablePointer<Float>) throws -> Result
  ) rethrows -> Result {
    makeUnique()
    defer { withExtendedLifetime(storage) {} }
    return try body(storage.start)
  }
}
