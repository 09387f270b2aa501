import CSmootKernels

/// A fixed cut of a batch into parts that are summed separately and then in a fixed tree.
///
/// The cut depends on the batch alone, never on the threads, so that a gradient summed over a batch has the same bits for any number of them.
package struct Shards {
  /// How many parts there are.
  package let count: Int
  private let batch: Int

  /// The most parts into which a batch is cut.
  package static let most = 16

  /// Cuts a batch of `batch` rows.
  package init(batch: Int) {
    self.batch = batch
    count = min(Self.most, max(1, batch))
  }

  /// The rows of part `shard`.
  package subscript(shard: Int) -> Range<Int> {
    shard * batch / count..<(shard + 1) * batch / count
  }

  /// The sum of what the parts add up to.
  ///
  /// - Parameters:
  ///   - length: the floats of each part.
  ///   - body: gets room for all parts, one after the other in memory, and fills it.
  /// - Returns: [length].
  package func total(
    _ length: Int, _ body: (UnsafeMutablePointer<Float>) -> Void
  ) -> Tensor {
    let parts = Tensor(uninitialized: [count, length]) { parts in
      body(parts)
      sum(parts, length: length)
    }
    return (count == 1 ? parts : parts.sliced(axis: 0, 0..<1)).reshaped(to: [length])
  }

  /// Adds `count` runs of `length` floats, one after the other in memory, into the first of them.
  private func sum(_ runs: UnsafeMutablePointer<Float>, length: Int) {
    var step = 1
    while step < count {
      let pairs = stride(from: 0, to: count - step, by: 2 * step).map(\.self)
      let (distance, grain) = (step * length, 16384)
      let pieces = (length + grain - 1) / grain
      parallelFor(pairs.count * pieces) { task in
        let target = runs + pairs[task / pieces] * length
        let first = task % pieces * grain
        smoot_add_f32(min(grain, length - first), target + distance + first, target + first)
      }
      step *= 2
    }
  }
}
