import Foundation
import Synchronization

/// Memory for tensors, kept for reuse: a training step after the first one takes everything it needs from here.
///
/// Blocks are handed out in a few fixed sizes, so that a block that one tensor gives back fits the next tensor of about that size.
enum MemoryPool {
  private struct State {
    /// Free blocks by their capacity in bytes.
    var free: [Int: [Block]] = [:]
    /// How many bytes were taken from the system and not returned.
    var bytes = 0
  }

  private static let state = Mutex(State())

  /// How many bytes all blocks have, free and in use: the most that were in use together, but for blocks of sizes that nobody asks for any more.
  static var bytes: Int { state.withLock { $0.bytes } }

  /// The address of a block, which only one owner has at a time.
  private struct Block: @unchecked Sendable {
    // Safe to send: a block in the pool is owned by the pool alone, and its content is never read.
    let address: UnsafeMutableRawPointer
  }

  /// Wide enough for the widest vector registers and for a cache line.
  private static let alignment = 64

  /// From this size on, blocks are aligned to, and advised to use, huge pages.
  private static let hugePage = 1 << 21

  /// The capacity of the block that a request for `bytes` gets: at most one eighth is wasted.
  static func capacity(for bytes: Int) -> Int {
    guard bytes > 4096 else { return max(64, (bytes + 63) & ~63) }
    let step = max(4096, (1 << (Int.bitWidth - 1 - bytes.leadingZeroBitCount)) >> 3)
    return (bytes + step - 1) / step * step
  }

  /// A block of exactly `capacity` bytes, its content undefined.
  static func take(capacity: Int) -> UnsafeMutableRawPointer {
    let block = state.withLock { state -> Block? in
      if let block = state.free[capacity]?.popLast() { return block }
      state.bytes += capacity
      return nil
    }
    if let block { return block.address }
    let isHuge = capacity >= hugePage
    let address = UnsafeMutableRawPointer.allocate(
      byteCount: capacity, alignment: isHuge ? hugePage : alignment)
    #if os(Linux)
      if isHuge { madvise(address, capacity, 14) }  // MADV_HUGEPAGE
    #endif
    return address
  }

  /// Gives a block back.
  static func give(_ address: UnsafeMutableRawPointer, capacity: Int) {
    state.withLock { $0.free[capacity, default: []].append(Block(address: address)) }
  }

  /// Returns all free blocks to the system.
  static func trim() {
    let blocks = state.withLock { state in
      let all = state.free.values.flatMap(\.self)
      state.bytes -= state.free.reduce(0) { $0 + $1.key * $1.value.count }
      state.free.removeAll()
      return all
    }
    for block in blocks { block.address.deallocate() }
  }
}
