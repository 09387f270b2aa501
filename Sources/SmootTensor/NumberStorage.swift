/// Memory for numbers that parts of a computation write in any order, and that an operand may read when all of them are done.
package struct NumberStorage<Number: ProductNumber> {
  private let storage: TensorStorage

  /// Makes room for so many numbers, their values undefined.
  package init(count: Int) {
    let floats = MemoryLayout<Float>.size / MemoryLayout<Number>.size
    storage = TensorStorage(count: (count + floats - 1) / floats)
  }

  /// The address of the first number, valid for as long as this memory is used afterwards.
  package var start: UnsafeMutablePointer<Number> {
    UnsafeMutableRawPointer(storage.start).assumingMemoryBound(to: Number.self)
  }

  /// The numbers as an operand.
  ///
  /// - Precondition: the shape has as many elements as this has numbers.
  package func operand(_ shape: Shape) -> Operand {
    switch Number.precision {
    case .float32:
      Operand(shape: shape, numbers: .float32(Tensor(shape: shape, storage: storage)))
    case .bfloat16: Operand(shape: shape, numbers: .bfloat16(storage))
    }
  }
}
