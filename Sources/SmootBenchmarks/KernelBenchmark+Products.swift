import Smoot

extension KernelBenchmark {
  /// The products of the linear maps of a ViT-Tiny for 16 images of 65 tokens, and their gradients.
  static func products() -> [Kernel] {
    [(192, 576), (192, 192), (192, 768), (768, 192)].flatMap { inputs, outputs in
      Precision.allCases.flatMap { products(rows: 1040, inputs, outputs, $0) }
    }
  }

  private static func products(
    rows: Int, _ inputs: Int, _ outputs: Int, _ precision: Precision
  ) -> [Kernel] {
    let tape = Tape()
    let input = tape.variable(random([rows, inputs], "input"))
    let weight = tape.variable(random([outputs, inputs], "weight"))
    let bias = tape.variable(random([outputs], "bias"))
    let output = input.linear(weight, bias: bias, precision)
    let (x, w, b) = (Variable(input.value), Variable(weight.value), Variable(bias.value))
    func kernel(_ name: String, _ run: @escaping () -> Void) -> Kernel {
      Kernel(
        name: name, shape: "\(rows)x\(inputs) -> \(outputs)", precision: precision,
        operations: Double(2 * rows * inputs * outputs), run: run)
    }
    return [
      kernel("linear") { _ = x.linear(w, bias: b, precision) },
      kernel("linear, input gradient") { _ = tape.gradients(of: output, withRespectTo: [input]) },
      kernel("linear, weight gradient") {
        _ = tape.gradients(of: output, withRespectTo: [weight])
      },
    ]
  }
}
