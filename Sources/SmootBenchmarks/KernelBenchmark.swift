import Smoot

/// Times kernels on one thread, each beside the peak of the machine at that moment.
public enum KernelBenchmark {
  /// How fast a kernel is.
  public struct Result: Codable, Sendable {
    /// What was timed.
    public let kernel: String
    /// The extents of input and output.
    public let shape: String
    /// The numbers that are multiplied.
    public let precision: String
    /// The median time of one image, or of one product.
    public let microseconds: Double
    /// Operations of the direct, dense sum over that time, also for the pooled gradients, which skip zeros, and for Winograd's method, which needs fewer.
    public let gigaflops: Double
    /// Its share of what a loop on registers alone reaches in the same precision.
    public let percentOfPeak: Double

    enum CodingKeys: String, CodingKey {
      case kernel, shape, precision, microseconds, gigaflops
      case percentOfPeak = "percent_of_peak"
    }
  }

  /// Something to time.
  struct Kernel {
    let name: String
    let shape: String
    let precision: Precision
    /// How many images, or products, a run computes.
    var count = 1
    /// Multiplications and additions of the direct sum for one of them.
    let operations: Double
    let run: () -> Void
  }

  /// Times the convolutions of the paper CNN at both image sizes and the products of a vision transformer.
  ///
  /// - Parameter repetitions: of which the median counts.
  public static func run(repetitions: Int) -> [Result] {
    let threads = Parallelism.threads
    Parallelism.threads = 1
    defer { Parallelism.threads = threads }
    return (convolutions() + products()).map { measure($0, repetitions) }
  }

  private static func measure(_ kernel: Kernel, _ repetitions: Int) -> Result {
    let peak = MachinePeak.ofOneThread(kernel.precision)
    let times = (0..<repetitions).map { _ in seconds(kernel.run) / Double(kernel.count) }.sorted()
    let rate = kernel.operations / times[repetitions / 2]
    return Result(
      kernel: kernel.name, shape: kernel.shape, precision: kernel.precision.rawValue,
      microseconds: times[repetitions / 2] * 1e6, gigaflops: rate * 1e-9,
      percentOfPeak: 100 * rate / peak)
  }

  /// Normally distributed numbers.
  static func random(_ shape: Shape, _ name: String) -> Tensor {
    let key = RandomKey(seed: 1).derived(name)
    return Tensor((0..<shape.count).map { key.normal(at: UInt64($0)) }, shape: shape)
  }
}
