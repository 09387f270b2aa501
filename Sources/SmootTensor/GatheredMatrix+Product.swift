import CSmootKernels

extension GatheredMatrix {
  /// The product with a packed matrix.
  ///
  /// - Parameters:
  ///   - source: the tensor that the rows lie in.
  ///   - packed: the right operand, of the same precision (``Tensor/packed(isTransposed:isKept:_:)``).
  ///   - columns: its columns.
  ///   - epilogue: what follows the sums; its addend lies as the result does.
  ///   - targets: where each row of the product begins in `result`.
  ///   - result: gets the product.
  package func product(
    in source: Tensor, _ packed: Tensor, columns: Int,
    _ epilogue: ProductEpilogue = ProductEpilogue(), targets: [Int],
    into result: UnsafeMutablePointer<Float>
  ) {
    targets.withUnsafeBufferPointer { targets in
      epilogue.withKernelArgument(for: result) { epilogue in
        withKernel(source, packed) { kernel in
          parallelRanges(rowCount, grain: rowCount < 1536 ? 66 : 192) { rows in
            kernel(rows, columns, epilogue, targets.baseAddress, result)
          }
        }
      }
    }
  }

  /// The same as numbers of a precision.
  package func product(
    in source: Tensor, _ packed: Tensor, columns: Int, _ epilogue: ProductEpilogue,
    targets: [Int], _ precision: Precision, into result: UnsafeMutableRawPointer
  ) {
    switch precision {
    case .float32:
      product(
        in: source, packed, columns: columns, epilogue, targets: targets,
        into: result.assumingMemoryBound(to: Float.self))
    case .bfloat16:
      roundedProduct(
        in: source, packed, columns: columns, epilogue, targets: targets,
        into: result.assumingMemoryBound(to: UInt16.self))
    }
  }

  /// The same, rounded: some rows at a time are computed as floats, and what follows scale and shift comes with the rounding.
  private func roundedProduct(
    in source: Tensor, _ packed: Tensor, columns: Int, _ epilogue: ProductEpilogue,
    targets: [Int], into result: UnsafeMutablePointer<UInt16>
  ) {
    // So few that their floats stay in the cache, and whole blocks of the kernel.
    let piece = max(6, min(192, 16384 / columns / 6 * 6))
    let places = (0..<rowCount).map { $0 % piece * columns }
    let first = ProductEpilogue(scale: epilogue.scale, shift: epilogue.shift)
    places.withUnsafeBufferPointer { places in
      epilogue.withKernelArgument(for: result) { whole in
        let addend = whole.pointee.addend?.assumingMemoryBound(to: UInt16.self)
        withKernel(source, packed) { kernel in
          parallelRanges(rowCount, grain: piece) { rows in
            let sums = NumberStorage<Float>(count: rows.count * columns)
            defer { withExtendedLifetime(sums) {} }
            first.withKernelArgument(for: sums.start) {
              kernel(rows, columns, $0, places.baseAddress, sums.start)
            }
            targets[rows].withUnsafeBufferPointer {
              smoot_bfloat16_finish_rows(
                rows.count, columns, sums.start, $0.baseAddress, addend, whole.pointee.rectifies,
                result)
            }
          }
        }
      }
    }
  }

  private typealias RowKernel = (
    _ rows: Range<Int>, _ columns: Int, UnsafePointer<smoot_epilogue>,
    _ targets: UnsafePointer<Int>?, _ result: UnsafeMutablePointer<Float>
  ) -> Void

  /// Calls a function with what computes some rows of the product.
  private func withKernel(_ source: Tensor, _ packed: Tensor, _ body: (RowKernel) -> Void) {
    precondition(source.precision == packed.precision, "a product of two precisions")
    switch source.precision {
    case .float32: withKernel(source, packed, Float.self, body)
    case .bfloat16: withKernel(source, packed, UInt16.self, body)
    }
  }

  private func withKernel<Number: ProductNumber>(
    _ source: Tensor, _ packed: Tensor, _: Number.Type, _ body: (RowKernel) -> Void
  ) {
    withMatrix(in: source, Number.self) { matrix in
      packed.withNumbers { (packed: UnsafePointer<Number>) in
        body { rows, columns, epilogue, targets, result in
          Number.gatheredProduct(
            matrix, rows.lowerBound, rows.upperBound, columns, packed, epilogue, targets, result)
        }
      }
    }
  }

  /// The product of a matrix that lies in one piece with a packed one.
  ///
  /// - Returns: [rows, columns].
  package func product(
    in source: Tensor, _ packed: Tensor, columns: Int,
    _ epilogue: ProductEpilogue = ProductEpilogue()
  ) -> Tensor {
    Tensor(uninitialized: [rowCount, columns]) { result in
      product(
        in: source, packed, columns: columns, epilogue,
        targets: (0..<rowCount).map { $0 * columns }, into: result)
    }
  }
}
