import SmootAutodiff
import SmootTensor
import SmootTestSupport
import Testing

/// Two convolutions in one pass are the two convolutions one after the other.
@Suite(.serialized) struct StackedConvolutionsTests {
  private func random(_ shape: Shape, _ name: String) -> Tensor {
    let key = RandomKey(seed: 5).derived(name)
    return Tensor((0..<shape.count).map { key.normal(at: UInt64($0)) }, shape: shape)
  }

  /// Images, and the kernels and biases of both.
  private func inputs(_ image: Shape, between: Int, outputs: Int) -> [Tensor] {
    [
      random(image, "image"), random([3, 3, image[3], between], "first"),
      random([between], "first bias"), random([3, 3, between, outputs], "second"),
      random([outputs], "second bias"),
    ]
  }

  private func stacked(_ x: [Variable], _ precision: Precision) -> Variable {
    x[0].stackedConvolutions((x[1], x[2]), (x[3], x[4]), precision)
  }

  private func separate(_ x: [Variable], _ precision: Precision) -> Variable {
    x[0].convolution(x[1], bias: x[2], then: .relu, precision)
      .convolution(x[3], bias: x[4], then: .reluMaxPool, precision)
  }

  /// The output and the gradients with respect to some of the inputs.
  private func run(
    _ inputs: [Tensor], _ precision: Precision, of targets: [Int] = [0, 1, 2, 3, 4],
    _ function: ([Variable], Precision) -> Variable
  ) -> [Tensor] {
    let tape = Tape()
    let variables = inputs.map(tape.variable)
    let output = function(variables, precision)
    return [output.value]
      + tape.gradients(
        of: output, seed: random(output.shape, "seed"), withRespectTo: targets.map { variables[$0] }
      )
  }

  /// One and several input channels, odd extents, channels that fill no vector, and more than one block of them.
  @Test(arguments: bfloat16Levels)
  func equalsItsParts(_ level: String) {
    let shapes =
      [
        ([17, 12, 11, 1], 32, 64), ([2, 9, 14, 3], 32, 70), ([3, 10, 10, 1], 32, 6),
        ([2, 11, 9, 2], 16, 20), ([1, 8, 8, 1], 20, 130),
      ] as [([Int], Int, Int)]
    withKernels(level) {
      for (image, between, outputs) in shapes {
        let inputs = inputs(Shape(image), between: between, outputs: outputs)
        for precision in [Precision.float32, .bfloat16] {
          let found = run(inputs, precision, stacked)
          let wanted = run(inputs, precision, separate)
          for (index, (found, wanted)) in zip(found, wanted).enumerated() {
            // What passes between two operations is kept rounded, and the gradient of the second kernel is a product with it.
            let tolerance: Float = precision == .bfloat16 && index == 4 ? 4e-3 : 4e-6
            expectClose(found, wanted, relative: tolerance, "\(image) \(precision) \(index)")
          }
        }
      }
    }
  }

  /// Every level gives what plain loops give, also where no gradient flows, and lets a NaN through.
  @Test(arguments: kernelLevels)
  func equalsPlainLoops(_ level: String) {
    let inputs = inputs([3, 12, 13, 1], between: 32, outputs: 70)
    func gradients(_ level: String, seed: (Shape) -> Tensor) -> [Tensor] {
      withKernels(level) {
        let tape = Tape()
        let variables = inputs.map(tape.variable)
        let output = stacked(variables, .float32)
        return tape.gradients(
          of: output, seed: seed(output.shape), withRespectTo: variables)
      }
    }
    let sparse = { (shape: Shape) in
      Tensor(
        random(shape, "sparse").scalars.enumerated().map { $0 % 5 == 0 ? $1 : 0 }, shape: shape)
    }
    for (found, wanted) in zip(gradients(level, seed: sparse), gradients("scalar", seed: sparse)) {
      expectClose(found, wanted, relative: 4e-6, level)
    }
    let broken = gradients(level) { Tensor(repeating: .nan, shape: $0) }
    #expect(broken.allSatisfy { $0.scalars.contains { $0.isNaN } })
  }

  /// Each gradient is the same whichever others are asked for.
  @Test func givesEachGradientByItself() {
    let inputs = inputs([5, 10, 10, 1], between: 32, outputs: 64)
    let all = run(inputs, .float32, stacked)
    for target in inputs.indices {
      let alone = run(inputs, .float32, of: [target], stacked)
      #expect(alone[1].scalars == all[target + 1].scalars, "\(target)")
    }
  }

  /// A steep image and large biases keep every ReLU and every maximum where it is while a number is changed.
  @Test(arguments: kernelLevels) func gradientsEqualDifferences(_ level: String) {
    let (height, width) = (7, 6)
    let ramp = (0..<height * width).map { Float($0 / width) * 0.5 + Float($0 % width) * 0.3 }
    let firstBias = (0..<32).map { $0.isMultiple(of: 2) ? Float(6) : -9 }
    let image: Shape = [1, height, width, 1]
    withKernels(level) {
      checkGradients(
        of: { $0[0].stackedConvolutions(($0[1], $0[2]), ($0[3], $0[4])) },
        at: [
          Tensor(ramp, shape: image) + formula(image, 0.1, 0.1), formula([3, 3, 1, 32], 0.2, 0.2),
          Tensor(firstBias, shape: [32]) + formula([32], 0.3), formula([3, 3, 32, 5], 0.4, 0.2),
          Tensor([20, 20, -200, 20, 20], shape: [5]) + formula([5], 0.5),
        ], tolerance: 5e-3)
    }
  }

  /// The parts of a batch do not depend on the threads.
  @Test func hasTheSameBitsForAnyNumberOfThreads() {
    let inputs = inputs([19, 10, 10, 1], between: 32, outputs: 64)
    let threads = Parallelism.threads
    defer { Parallelism.threads = threads }
    Parallelism.threads = 1
    let one = run(inputs, .bfloat16, stacked).map(\.scalars)
    Parallelism.threads = 3
    #expect(run(inputs, .bfloat16, stacked).map(\.scalars) == one)
  }

  /// What nobody differentiates need not be kept, and is the same but for Winograd's rounding.
  @Test func constantsStayConstants() {
    let inputs = inputs([2, 10, 10, 1], between: 32, outputs: 64)
    let output = stacked(inputs.map { Variable($0) }, .float32)
    #expect(output.tape == nil)
    expectClose(output.value, run(inputs, .float32, stacked)[0], relative: 4e-6, "constants")
  }
}
