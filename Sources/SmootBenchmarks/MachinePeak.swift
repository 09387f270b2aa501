import CSmootKernels
public import Smoot

/// What the machine can compute at best: loops on registers alone, with the kernels' instructions.
public enum MachinePeak {
  /// Floating-point operations a second of one thread, the best of five tries of a few milliseconds.
  public static func ofOneThread(_ precision: Precision = .float32) -> Double {
    var sink: Float = 0
    return (0..<5).map { _ in
      var operations = 0.0
      let time = seconds { operations = loop(precision, &sink) }
      return operations / time
    }.max() ?? 1
  }

  /// Floating-point operations a second of all threads at once, the best of five tries.
  public static func ofAllThreads(_ precision: Precision = .float32) -> Double {
    let threads = Parallelism.threads
    return (0..<5).map { _ in
      var sinks = [Float](repeating: 0, count: threads)
      var operations = [Double](repeating: 0, count: threads)
      let time = seconds {
        sinks.withUnsafeMutableBufferPointer { sinks in
          operations.withUnsafeMutableBufferPointer { operations in
            // Safe to share: each thread has elements of its own.
            nonisolated(unsafe) let (sinks, operations) = (sinks, operations)
            parallelFor(threads) { operations[$0] = loop(precision, &sinks[$0]) }
          }
        }
      }
      return operations.reduce(0, +) / time
    }.max() ?? 1
  }

  /// Bytes a second that all threads together read and write in memory beyond the caches, the best of five tries: each element of one array becomes the sum of those of two others.
  public static func memoryBandwidth() -> Double {
    let count = 1 << 24
    let (x, y) = (Tensor(repeating: 1, shape: [count]), Tensor(repeating: 2, shape: [count]))
    return (0..<5).map { _ in
      Double(3 * count * MemoryLayout<Float>.stride) / seconds { _ = x + y }
    }.max() ?? 1
  }

  private static func loop(_ precision: Precision, _ sink: inout Float) -> Double {
    switch precision {
    case .float32: smoot_peak_f32(200_000, &sink)
    case .bfloat16: smoot_peak_bfloat16(200_000, &sink)
    }
  }
}
