/// Memory for numbers that parts of a computation write in any order.
package struct NumberStorage<Number: ProductNumber> {
  private let storage: TensorStorage

  /// Makes room for so many numbers, their values undefined.
  package init(count: Int) {
    storage = TensorStorage(count: count, Number.precision)
  }

  /// The address of the first number, valid for as long as this memory is used afterwards.
  package var start: UnsafeMutablePointer<Number> {
    storage.address.assumingMemoryBound(to: Number.self)
  }
}
