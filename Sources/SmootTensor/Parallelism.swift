import CSmootKernels
import Dispatch
import Foundation
import Synchronization

/// How many threads the parallel loops use.
///
/// The number changes how fast a result comes, never the result.
public enum Parallelism {
  private static let wanted = Atomic<Int>(0)

  /// The number of threads, at least 1; at first, as many as this process may use.
  public static var threads: Int {
    get {
      let threads = wanted.load(ordering: .relaxed)
      return threads > 0 ? threads : available
    }
    set { wanted.store(max(1, newValue), ordering: .relaxed) }
  }

  /// How many processors this process may use: its affinity mask, cut by the CPU quota of its control group.
  public static let available: Int = {
    var count = ProcessInfo.processInfo.activeProcessorCount
    #if os(Linux)
      let allowed = Int(smoot_processors_in_affinity_mask())
      if allowed > 0 { count = allowed }
      if let quota = try? String(contentsOfFile: "/sys/fs/cgroup/cpu.max", encoding: .utf8) {
        let fields = quota.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
        if fields.count == 2, fields[1] > 0 {
          count = min(count, max(1, Int((fields[0] / fields[1]).rounded(.up))))
        }
      }
    #endif
    return max(1, count)
  }()
}

/// Runs the tasks `0..<count` on the threads of ``Parallelism``, in any order, and returns when all are done.
///
/// Which thread runs which task is undefined, so a task may write only what no other task reads or writes. The partition into tasks must not depend on the
/// number of threads; then the result does not either.
package func parallelFor(_ count: Int, _ body: (Int) -> Void) {
  let threads = min(Parallelism.threads, count)
  // A task of another loop has its thread to itself: the others are at that loop too.
  guard threads > 1, smoot_parallel_is_inside() == 0 else {
    for task in 0..<count { body(task) }
    return
  }
  withoutActuallyEscaping(body) { body in
    var loop = Loop(body: body)
    let isDone = withUnsafeMutablePointer(to: &loop) { loop in
      smoot_parallel_for(
        count, threads,
        { context, task in context?.assumingMemoryBound(to: Loop.self).pointee.body(task) }, loop)
    }
    guard isDone == 0 else { return }
    // The threads are at another loop's work: that of the next batch, say.
    // Safe to share: the loop's contract above is that tasks do not touch each other's memory.
    nonisolated(unsafe) let body = body
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      while true {
        let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard task < count else { return }
        body(task)
      }
    }
  }
}

/// What a thread of a parallel loop needs.
private struct Loop {
  let body: (Int) -> Void
}

/// Runs `body` over the range `0..<count` cut into pieces of `grain` elements; the last piece may be shorter.
package func parallelRanges(_ count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
  let pieces = (count + grain - 1) / grain
  parallelFor(pieces) { piece in
    body(piece * grain..<min(count, (piece + 1) * grain))
  }
}
