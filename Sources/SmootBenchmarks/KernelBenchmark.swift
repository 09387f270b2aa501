import CSmootKernels
import Smoot

/// Times kernels on one thread, each beside the peak of the machine at that moment.
public enum KernelBenchmark {
  /// How fast a kernel is.
  public struct Result: Codable, Sendable {
    /// What was timed.
    public let kernel: String
    /// The extents of input and output.
    public let shape: String
    /// The median time of one image.
    public let microseconds: Double
    /// Operations of the direct, dense sum over that time, also for the pooled gradients, which skip zeros, and for Winograd's method, which needs fewer.
    public let gigaflops: Double
    /// Its share of what a loop on registers alone reaches.
    public let percentOfPeak: Double

    enum CodingKeys: String, CodingKey {
      case kernel, shape, microseconds, gigaflops
      case percentOfPeak = "percent_of_peak"
    }
  }

  /// Times the convolutions of the paper CNN at both image sizes.
  public static func run(repetitions: Int) -> [Result] {
    [(26, 32, 64), (28, 1, 32), (30, 32, 64), (32, 3, 32)].flatMap { side, inputs, outputs in
      measure(side: side, inputs: inputs, outputs: outputs, repetitions)
    }
  }

  private static func measure(
    side: Int, inputs: Int, outputs: Int, _ repetitions: Int
  ) -> [Result] {
    let key = RandomKey(seed: 1)
    func random(_ shape: Shape, _ name: String) -> Tensor {
      let key = key.derived(name)
      return Tensor((0..<shape.count).map { key.normal(at: UInt64($0)) }, shape: shape)
    }
    let tape = Tape()
    let image = tape.variable(random([1, side, side, inputs], "image"))
    let weight = tape.variable(random([3, 3, inputs, outputs], "weight"))
    let bias = tape.variable(random([outputs], "bias"))
    let plain = image.convolution(weight, bias: bias, then: .relu)
    let pooled = image.convolution(weight, bias: bias, then: .reluMaxPool)
    let operations = Double(2 * (side - 2) * (side - 2) * 9 * inputs * outputs)
    let shape = "\(side)x\(side)x\(inputs) -> \(outputs)"
    func time(_ kernel: String, _ body: () -> Void) -> Result {
      let peak = MachinePeak.ofOneThread()
      let times = (0..<repetitions).map { _ in seconds(body) }.sorted()
      let median = times[repetitions / 2]
      return Result(
        kernel: kernel, shape: shape, microseconds: median * 1e6,
        gigaflops: operations / median * 1e-9, percentOfPeak: 100 * operations / median / peak)
    }
    let (x, w, b) = (Variable(image.value), Variable(weight.value), Variable(bias.value))
    return [
      time("convolution, relu") { _ = x.convolution(w, bias: b, then: .relu) },
      time("convolution, relu, max-pool") {
        _ = x.convolution(weight, bias: b, then: .reluMaxPool)
      },
      time("the same, not differentiated") { _ = x.convolution(w, bias: b, then: .reluMaxPool) },
      time("input gradient") { _ = tape.gradients(of: plain, withRespectTo: [image]) },
      time("weight gradient") { _ = tape.gradients(of: plain, withRespectTo: [weight]) },
      time("input gradient, pooled") { _ = tape.gradients(of: pooled, withRespectTo: [image]) },
      time("weight gradient, pooled") { _ = tape.gradients(of: pooled, withRespectTo: [weight]) },
    ]
  }

  private static func seconds(_ body: () -> Void) -> Double {
    let start = ContinuousClock.now
    body()
    return (ContinuousClock.now - start) / .seconds(1)
  }
}
