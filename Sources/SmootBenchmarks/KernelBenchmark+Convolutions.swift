import Smoot

extension KernelBenchmark {
  /// Images that a kernel gets at a time: they fit into the second-level cache, and what a call does once counts little.
  private static let images = 4

  /// The convolutions of the paper CNN at both image sizes, with what follows them, and their gradients.
  static func convolutions() -> [Kernel] {
    // Over one or three channels they are computed in 32 bits, whatever is asked for.
    let cases: [(side: Int, inputs: Int, outputs: Int, precisions: [Precision])] = [
      (26, 32, 64, Precision.allCases), (28, 1, 32, [.float32]),
      (30, 32, 64, Precision.allCases), (32, 3, 32, [.float32]),
    ]
    return cases.flatMap { sizes in
      sizes.precisions.flatMap { convolutions(side: sizes.side, sizes.inputs, sizes.outputs, $0) }
    }
  }

  private static func convolutions(
    side: Int, _ inputs: Int, _ outputs: Int, _ precision: Precision
  ) -> [Kernel] {
    let tape = Tape()
    let image = tape.variable(random([images, side, side, inputs], "image"))
    let weight = tape.variable(random([3, 3, inputs, outputs], "weight"))
    let bias = tape.variable(random([outputs], "bias"))
    let plain = image.convolution(weight, bias: bias, precision)
    let upstream = random(plain.shape, "upstream")
    func gradient(_ target: Variable) -> () -> Void {
      { _ = tape.gradients(of: plain, seed: upstream, withRespectTo: [target]) }
    }
    let (x, w, b) = (Variable(image.value), Variable(weight.value), Variable(bias.value))
    func kernel(_ name: String, _ run: @escaping () -> Void) -> Kernel {
      Kernel(
        name: name, shape: "\(side)x\(side)x\(inputs) -> \(outputs)", precision: precision,
        count: images, operations: Double(2 * (side - 2) * (side - 2) * 9 * inputs * outputs),
        run: run)
    }
    let kernels = [
      kernel("convolution, relu") { _ = x.convolution(w, bias: b, then: .relu, precision) },
      kernel("input gradient", gradient(image)),
      kernel("weight gradient", gradient(weight)),
      kernel("convolution, relu, max-pool") {
        _ = x.convolution(weight, bias: b, then: .reluMaxPool, precision)
      },
    ]
    guard precision == .float32 else { return kernels }
    let pooled = image.convolution(weight, bias: bias, then: .reluMaxPool)
    return kernels + [
      kernel("the same by Winograd's method, not differentiated") {
        _ = x.convolution(w, bias: b, then: .reluMaxPool, by: .winograd)
      },
      kernel("input gradient, pooled") { _ = tape.gradients(of: pooled, withRespectTo: [image]) },
      kernel("weight gradient, pooled") { _ = tape.gradients(of: pooled, withRespectTo: [weight]) },
    ]
  }
}
