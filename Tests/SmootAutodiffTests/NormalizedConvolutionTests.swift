import SmootAutodiff
import SmootTensor
import SmootTestSupport
import Testing

/// Convolutions with batch normalization in the same pass: they must give what the two give one after the other.
@Suite(.serialized) struct NormalizedConvolutionTests {
  struct Case: Sendable, CustomStringConvertible {
    let (size, stride, inputs, outputs): (Int, Int, Int, Int)
    var algorithm = ConvolutionAlgorithm.direct
    var precision = Precision.float32
    var description: String {
      "\(size)x\(size)/\(stride) \(inputs) -> \(outputs) \(algorithm) \(precision)"
    }
  }

  private static let cases = [
    Case(size: 3, stride: 1, inputs: 16, outputs: 80, algorithm: .winograd),
    Case(size: 3, stride: 1, inputs: 16, outputs: 80),
    Case(size: 3, stride: 2, inputs: 32, outputs: 80, algorithm: .winograd),
    Case(size: 3, stride: 2, inputs: 16, outputs: 21),
    Case(size: 1, stride: 2, inputs: 96, outputs: 40),
    Case(size: 3, stride: 2, inputs: 600, outputs: 24),  // several blocks of the depth
    Case(size: 3, stride: 1, inputs: 3, outputs: 16),  // image by image
    Case(size: 3, stride: 1, inputs: 16, outputs: 32, algorithm: .winograd, precision: .bfloat16),
    Case(size: 3, stride: 2, inputs: 16, outputs: 32, precision: .bfloat16),
  ]

  private func random(_ shape: Shape, _ name: String) -> Tensor {
    let key = RandomKey(seed: 8).derived(name)
    return Tensor((0..<shape.count).map { key.normal(at: UInt64($0)) }, shape: shape)
  }

  private func results(
    _ sizes: Case, _ epilogue: Int, _ make: (Tensor) -> Variable
  ) -> (fused: Variable, separate: Variable) {
    let images = make(random([2, 9, 8, sizes.inputs], "images"))
    let weight = make(random([sizes.size, sizes.size, sizes.inputs, sizes.outputs], "weight"))
    let (scale, shift) = (
      make(random([sizes.outputs], "scale")), make(random([sizes.outputs], "shift"))
    )
    let mean = random([sizes.outputs], "mean")
    let variance = random([sizes.outputs], "variance").mapped { 1 + $0 * $0 }
    let geometry = ConvolutionGeometry(stride: sizes.stride, padding: sizes.size / 2)
    let convolved = images.convolution(
      weight, bias: nil, geometry: geometry, sizes.precision, by: sizes.algorithm)
    let following: NormalizationEpilogue =
      [.none, .relu, .addThenReLU(make(random(convolved.shape, "addend")))][epilogue]
    let normalization = GivenNormalization(
      scale: scale, shift: shift, mean: mean, variance: variance, epsilon: 1e-5)
    let fused = images.convolution(
      weight, geometry: geometry, normalizedBy: normalization, then: following, sizes.precision,
      by: sizes.algorithm)
    let separate = convolved.batchNorm(
      scale: scale, shift: shift, mean: mean, variance: variance, epsilon: 1e-5, then: following)
    return (fused, separate)
  }

  @Test(arguments: cases, [0, 1, 2])
  func equalsOneAfterTheOther(_ sizes: Case, epilogue: Int) {
    for level in kernelLevels {
      withKernels(level) {
        let (fused, separate) = results(sizes, epilogue) { Variable($0) }
        // Between the two operations numbers are rounded once more.
        let tolerance: Float = sizes.precision == .float32 ? 2e-6 : 6e-3
        expectClose(fused.value, separate.value, relative: tolerance, "\(level) \(sizes)")
      }
    }
  }

  /// Where images alone are differentiated, theirs are the gradients of the two operations.
  @Test(arguments: cases, [0, 1, 2])
  func differentiatesImages(_ sizes: Case, epilogue: Int) {
    guard sizes.precision == .float32 else { return }
    for level in kernelLevels {
      withKernels(level) {
        let (fused, separate) = (Tape(), Tape())
        var images: [Variable] = []
        let pair = [fused, separate].map { tape in
          var isFirst = true
          return results(sizes, epilogue) { value in
            // The images come first, what is added last; the rest are constants.
            defer { isFirst = false }
            guard isFirst || value.shape.rank == 4 && value.shape[0] == 2 else {
              return Variable(value)
            }
            images.append(tape.variable(value))
            return images[images.count - 1]
          }
        }
        let count = images.count / 2
        let seed = random(pair[0].fused.shape, "seed")
        let gradients = fused.gradients(
          of: pair[0].fused, seed: seed, withRespectTo: Array(images[..<count]))
        let expected = separate.gradients(
          of: pair[1].separate, seed: seed, withRespectTo: Array(images[count...]))
        #expect(count == 2, "images, and what may be added to them")
        for (one, other) in zip(gradients, expected) {
          expectClose(one, other, relative: 1e-5, "\(level) \(sizes)")
        }
      }
    }
  }

  /// What a tape records where parameters are differentiated is the two operations, bit for bit.
  @Test(arguments: cases) func isRecordedOneAfterTheOther(_ sizes: Case) {
    let tape = Tape()
    let (fused, separate) = results(sizes, 2) { tape.variable($0) }
    #expect(fused.value.scalars == separate.value.scalars)
  }

  /// A number that is not finite must not disappear in a ReLU.
  @Test func letsNaNThrough() {
    for algorithm in ConvolutionAlgorithm.allCases {
      let normalization = GivenNormalization(
        scale: Variable(Tensor.zeros([16])), shift: Variable(Tensor.zeros([16])),
        mean: .zeros([16]),
        variance: .zeros([16]), epsilon: 1)
      let addend = Variable(Tensor([Float](repeating: .nan, count: 16 * 16), shape: [1, 4, 4, 16]))
      let output = Variable(random([1, 4, 4, 16], "images")).convolution(
        Variable(random([3, 3, 16, 16], "weight")), geometry: ConvolutionGeometry(padding: 1),
        normalizedBy: normalization, then: .addThenReLU(addend), by: algorithm)
      #expect(output.value.scalars.allSatisfy { $0.isNaN })
    }
  }
}
