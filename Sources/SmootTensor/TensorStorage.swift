import Synchronization

/// The memory of one or more tensors, from the pool and back to it.
final class TensorStorage {
  /// The address of the first element, valid for as long as this object lives.
  let start: UnsafeMutablePointer<Float>
  /// Forms of the numbers that products read faster; kept only as long as the numbers stay as they are.
  private var packed: [PackedForm: TensorStorage] = [:]
  private let packing = Mutex(())
  private let count: Int
  private let block: UnsafeMutableRawPointer
  private let capacity: Int

  /// Memory for `count` numbers, their values undefined.
  init(count: Int) {
    capacity = MemoryPool.capacity(for: count * MemoryLayout<Float>.stride)
    block = MemoryPool.take(capacity: capacity)
    start = block.bindMemory(to: Float.self, capacity: count)
    self.count = count
  }

  /// The elements in memory order.
  var elements: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: start, count: count)
  }

  /// A form of the numbers; of several threads that ask for it the first makes it, and the others wait.
  func packed(_ form: PackedForm, make: () -> TensorStorage) -> TensorStorage {
    var result: TensorStorage?
    packing.withLock { _ in
      result = packed[form] ?? make()
      packed[form] = result
    }
    return result ?? make()
  }

  /// Forgets the forms, because the numbers change.
  func forgetForms() { packed = [:] }

  deinit { MemoryPool.give(block, capacity: capacity) }
}
