/// The memory of one or more tensors, from the pool and back to it.
final class TensorStorage {
  /// The address of the first element, valid for as long as this object lives.
  let start: UnsafeMutablePointer<Float>
  /// Forms of the numbers that products read faster; kept only as long as the numbers stay as they are.
  var packed: [PackedForm: TensorStorage] = [:]
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

  deinit { MemoryPool.give(block, capacity: capacity) }
}
