/// The memory that tensors take from the system and keep for reuse.
package enum TensorMemory {
  /// How many bytes are kept, in use or free.
  package static var bytes: Int { MemoryPool.bytes }

  /// Returns what is free to the system.
  package static func trim() { MemoryPool.trim() }
}
