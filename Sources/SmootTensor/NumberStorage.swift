/// Memory for numbers that parts of a computation write in any order.
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
}
