/// A kernel's function of each of `count` elements.
package typealias ElementKernel = (
  _ count: Int, _ x: UnsafePointer<Float>?, _ result: UnsafeMutablePointer<Float>?
) -> Void

/// A kernel's function of each of `count` pairs of elements.
package typealias PairKernel = (
  _ count: Int, _ x: UnsafePointer<Float>?, _ y: UnsafePointer<Float>?,
  _ result: UnsafeMutablePointer<Float>?
) -> Void

extension Tensor {
  /// Elements that are worth a task of their own.
  private static let grain = 16384

  /// A kernel's function of each element.
  package static func elementwise(_ x: Tensor, _ kernel: ElementKernel) -> Tensor {
    let count = x.count
    return Tensor(uninitialized: x.shape) { target in
      withPointers(x) { x in
        parallelRanges(count, grain: grain) { range in
          kernel(range.count, x + range.lowerBound, target + range.lowerBound)
        }
      }
    }
  }

  /// A kernel's function of each pair of elements.
  ///
  /// - Precondition: the tensors have one shape.
  package static func elementwise(_ x: Tensor, _ y: Tensor, _ kernel: PairKernel) -> Tensor {
    precondition(x.shape == y.shape, "\(x.shape) and \(y.shape) are not of one shape")
    let count = x.count
    return Tensor(uninitialized: x.shape) { target in
      withPointers(x, y) { x, y in
        parallelRanges(count, grain: grain) { range in
          let start = range.lowerBound
          kernel(range.count, x + start, y + start, target + start)
        }
      }
    }
  }

  /// A kernel that changes each element by that of a tensor of the same shape, in place where the memory is not shared.
  ///
  /// - Precondition: the tensors have one shape.
  mutating func change(by other: Tensor, _ kernel: ElementKernel) {
    precondition(shape == other.shape, "\(other.shape) cannot be added in place to \(shape)")
    let count = count
    withPointers(other) { source in
      withMutablePointer { target in
        parallelRanges(count, grain: Self.grain) { range in
          kernel(range.count, source + range.lowerBound, target + range.lowerBound)
        }
      }
    }
  }
}
