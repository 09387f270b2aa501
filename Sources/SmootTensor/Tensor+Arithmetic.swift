import CSmootKernels

extension Tensor {
  /// The sum, element by element, after broadcasting.
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    a.shape == b.shape ? elementwise(a, b, smoot_sum_f32) : combined(a, b) { $0 + $1 }
  }
  /// The difference, element by element, after broadcasting.
  public static func - (a: Tensor, b: Tensor) -> Tensor { combined(a, b) { $0 - $1 } }
  /// The product, element by element, after broadcasting.
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    a.shape == b.shape ? elementwise(a, b, smoot_multiply_f32) : combined(a, b) { $0 * $1 }
  }
  /// The quotient, element by element, after broadcasting.
  public static func / (a: Tensor, b: Tensor) -> Tensor { combined(a, b) { $0 / $1 } }
  /// Each element times a number.
  public static func * (a: Tensor, b: Float) -> Tensor { a.mapped { $0 * b } }
  /// Each element with its sign turned.
  public static prefix func - (a: Tensor) -> Tensor { a.mapped { -$0 } }

  /// Adds a tensor of the same shape, in place where the memory is not shared.
  public mutating func add(_ other: Tensor) { change(by: other, smoot_add_f32) }

  /// Adds a tensor of the same shape times a number, in place where the memory is not shared.
  package mutating func add(_ other: Tensor, times factor: Float) {
    change(by: other) { smoot_add_scaled_f32($0, factor, $1, $2) }
  }

  /// Multiplies each element with a number, in place where the memory is not shared.
  package mutating func scale(by factor: Float) {
    let count = count
    withMutablePointer { target in
      parallelPieces(count) {
        smoot_scale_f32($0.count, factor, target + $0.lowerBound)
      }
    }
  }

  /// A function of each element.
  @inlinable
  public func mapped(_ transform: (Float) -> Float) -> Tensor {
    Tensor(unsafeUninitialized: shape) { target in
      withUnsafeElements { source in
        parallelPieces(source.count) { range in
          for index in range { target[index] = transform(source[index]) }
        }
      }
    }
  }

  /// A function of each pair of elements, after broadcasting.
  @inlinable
  public static func combined(
    _ a: Tensor, _ b: Tensor, _ transform: (Float, Float) -> Float
  ) -> Tensor {
    guard let shape = a.shape.broadcast(with: b.shape) else {
      preconditionFailure("\(a.shape) and \(b.shape) cannot be broadcast together")
    }
    let (a, b) = (a.broadcast(to: shape), b.broadcast(to: shape))
    return Tensor(unsafeUninitialized: shape) { target in
      a.withUnsafeElements { a in
        b.withUnsafeElements { b in
          parallelPieces(a.count) { range in
            for index in range { target[index] = transform(a[index], b[index]) }
          }
        }
      }
    }
  }

  /// ``init(uninitialized:_:)`` for functions that other modules inline.
  @usableFromInline
  init(unsafeUninitialized shape: Shape, _ body: (UnsafeMutablePointer<Float>) -> Void) {
    self.init(uninitialized: shape, body)
  }
}

/// ``parallelRanges(_:grain:_:)`` with the grain that suits simple arithmetic, for functions that other modules inline.
@usableFromInline
func parallelPieces(_ count: Int, _ body: (Range<Int>) -> Void) {
  parallelRanges(count, grain: 65536, body)
}
