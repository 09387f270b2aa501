import CSmootKernels

/// A tensor as products read it: its numbers as they are, or rounded.
package struct Operand {
  enum Numbers {
    case float32(Tensor)
    /// Two numbers in the place of one.
    case bfloat16(TensorStorage)
  }

  /// The extents of the tensor.
  package let shape: Shape
  let numbers: Numbers

  init(shape: Shape, numbers: Numbers) {
    self.shape = shape
    self.numbers = numbers
  }

  /// The operand for products of a precision.
  package init(_ tensor: Tensor, _ precision: Precision) {
    shape = tensor.shape
    switch precision {
    case .float32: numbers = .float32(tensor)
    case .bfloat16:
      let storage = TensorStorage(count: (tensor.count + 1) / 2)
      withPointers(tensor) { source in
        let target = storage.halves
        parallelRanges(tensor.count, grain: 32768) {
          smoot_bfloat16_from_f32($0.count, source + $0.lowerBound, target + $0.lowerBound)
        }
      }
      numbers = .bfloat16(storage)
    }
  }

  /// Calls a function with the address of the numbers.
  ///
  /// - Precondition: they are of the type that the function takes.
  package func withNumbers<Number: ProductNumber, Result>(
    _ body: (UnsafePointer<Number>) -> Result
  ) -> Result {
    precondition(precision == Number.precision, "the operand of shape \(shape) is \(precision)")
    return withElements {
      body(UnsafeRawPointer($0).assumingMemoryBound(to: Number.self))
    }
  }

  /// Calls a function with the address of the numbers, two rounded ones in the place of a float.
  package func withElements<Result>(_ body: (UnsafePointer<Float>) -> Result) -> Result {
    switch numbers {
    case .float32(let tensor): withPointers(tensor, body)
    case .bfloat16(let storage): withExtendedLifetime(storage) { body(storage.start) }
    }
  }

  /// In which products it takes part.
  package var precision: Precision {
    switch numbers {
    case .float32: .float32
    case .bfloat16: .bfloat16
    }
  }

  /// The numbers, unless they are rounded.
  package var tensor: Tensor {
    guard case .float32(let tensor) = numbers else {
      preconditionFailure("the operand of shape \(shape) is rounded")
    }
    return tensor
  }
}

extension TensorStorage {
  /// The address as that of bfloat16 numbers.
  var halves: UnsafeMutablePointer<smoot_bfloat16> {
    UnsafeMutableRawPointer(start).assumingMemoryBound(to: smoot_bfloat16.self)
  }
}
