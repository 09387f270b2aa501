/// Bytes from the pool that tensors use, for what an operation remembers besides tensors.
package final class ByteBuffer {
  /// The address of the first byte, valid for as long as this object lives.
  package let start: UnsafeMutablePointer<UInt8>
  /// How many bytes there are.
  package let count: Int
  private let block: UnsafeMutableRawPointer
  private let capacity: Int

  /// Memory for `count` bytes, their values undefined.
  package init(count: Int) {
    self.count = count
    capacity = MemoryPool.capacity(for: count)
    block = MemoryPool.take(capacity: capacity)
    start = block.bindMemory(to: UInt8.self, capacity: count)
  }

  deinit { MemoryPool.give(block, capacity: capacity) }
}
