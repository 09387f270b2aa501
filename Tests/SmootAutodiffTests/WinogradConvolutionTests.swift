import SmootAutodiff
import SmootTensor
import SmootTestSupport
import Testing

/// Convolutions that are differentiated, by Winograd's method: they must give what the direct sum gives, and so must their gradients.
@Suite(.serialized) struct WinogradConvolutionTests {
  private let geometry = ConvolutionGeometry(padding: 1)

  private func random(_ shape: Shape, _ name: String) -> Tensor {
    let key = RandomKey(seed: 4).derived(name)
    return Tensor((0..<shape.count).map { key.normal(at: UInt64($0)) }, shape: shape)
  }

  /// The output and the gradients of images, weights and bias.
  private func results(
    _ inputs: [Tensor], _ algorithm: ConvolutionAlgorithm, then epilogue: ConvolutionEpilogue,
    _ precision: Precision = .float32, stride: Int = 1
  ) -> [Tensor] {
    let tape = Tape()
    let variables = inputs.map(tape.variable)
    let output = variables[0].convolution(
      variables[1], bias: variables[2],
      geometry: ConvolutionGeometry(stride: stride, padding: 1), then: epilogue, precision,
      by: algorithm)
    return [output.value]
      + tape.gradients(
        of: output, seed: random(output.shape, "seed"), withRespectTo: variables)
  }

  private func inputs(
    _ batch: Int, _ height: Int, _ width: Int, _ inputs: Int, _ outputs: Int
  ) -> [Tensor] {
    let scale = 1 / Float(9 * inputs).squareRoot()
    return [
      random([batch, height, width, inputs], "images"),
      random([3, 3, inputs, outputs], "weight") * scale, random([outputs], "bias"),
    ]
  }

  private func largestDifference(_ a: Tensor, _ b: Tensor) -> Float {
    zip(a.scalars, b.scalars).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  private func rootMeanSquare(_ a: Tensor) -> Float {
    (a.scalars.reduce(0) { $0 + $1 * $1 } / Float(max(1, a.count))).squareRoot()
  }

  /// Whole and partial tiles, whole and partial panels and blocks of channels, several parts of the tiles.
  @Test(arguments: kernelLevels)
  func equalsTheDirectSum(level: String) {
    let shapes = [
      (2, 8, 8, 64, 64), (3, 7, 10, 16, 80), (2, 4, 6, 32, 48), (1, 4, 4, 144, 16),
      (13, 17, 16, 16, 16), (1, 5, 4, 16, 208),
    ]
    withKernels(level) {
      for (batch, height, width, channels, outputs) in shapes {
        let inputs = inputs(batch, height, width, channels, outputs)
        let direct = results(inputs, .direct, then: .none)
        let winograd = results(inputs, .winograd, then: .none)
        let names = ["output", "input gradient", "weight gradient", "bias gradient"]
        for (index, name) in names.enumerated() {
          let difference = largestDifference(winograd[index], direct[index])
          #expect(
            difference <= 1e-5 * rootMeanSquare(direct[index]),
            "\(level) \(batch)x\(height)x\(width) \(channels) -> \(outputs): \(name)")
        }
        #expect(winograd[0].scalars != direct[0].scalars)
      }
    }
  }

  /// Where a tile would be larger than the image, the sum is direct.
  @Test(arguments: [(3, 4), (4, 3), (1, 1)]) func leavesSmallImagesAlone(_ side: (Int, Int)) {
    let inputs = inputs(2, side.0, side.1, 16, 16)
    let (direct, winograd) = (
      results(inputs, .direct, then: .relu), results(inputs, .winograd, then: .relu)
    )
    for (one, other) in zip(direct, winograd) { #expect(one.scalars == other.scalars) }
  }

  /// A ReLU in the same pass is the ReLU of the pass without it, bit for bit.
  @Test(arguments: kernelLevels)
  func rectifiesInTheSamePass(level: String) {
    withKernels(level) {
      let inputs = inputs(2, 6, 9, 32, 48)
      let fused = results(inputs, .winograd, then: .relu)
      let tape = Tape()
      let variables = inputs.map(tape.variable)
      let output = variables[0].convolution(
        variables[1], bias: variables[2], geometry: geometry, by: .winograd
      ).relu()
      let separate =
        [output.value]
        + tape.gradients(
          of: output, seed: random(output.shape, "seed"), withRespectTo: variables)
      for (one, other) in zip(fused, separate) { #expect(one.scalars == other.scalars) }
    }
  }

  @Test(arguments: kernelLevels, [1, 2])
  func gradientsAreThoseOfFiniteDifferences(level: String, stride: Int) {
    let geometry = ConvolutionGeometry(stride: stride, padding: 1)
    withKernels(level) {
      checkGradients(
        of: { $0[0].convolution($0[1], bias: $0[2], geometry: geometry, by: .winograd) },
        at: [
          formula([2, 6 * stride, 5 * stride, 16], 0.1), formula([3, 3, 16, 32], 0.2),
          formula([32], 0.3),
        ])
    }
  }

  /// With a stride of 2, where the gradient of the weights is a direct sum: whole and partial tiles, even and odd extents.
  @Test(arguments: kernelLevels)
  func equalsTheDirectSumWithAStride(level: String) {
    withKernels(level) {
      for (height, width, channels, outputs) in [
        (32, 32, 64, 128), (7, 10, 16, 80), (15, 8, 144, 16), (8, 17, 80, 48),
      ] {
        let inputs = inputs(3, height, width, channels, outputs)
        let direct = results(inputs, .direct, then: .none, stride: 2)
        let winograd = results(inputs, .winograd, then: .none, stride: 2)
        for (index, (name, bound)) in [("output", Float(1e-5)), ("input gradient", 2e-5)]
          .enumerated()
        {
          #expect(
            largestDifference(winograd[index], direct[index])
              <= bound * rootMeanSquare(direct[index]),
            "\(level) \(height)x\(width) \(channels) -> \(outputs): \(name)")
          #expect(winograd[index].scalars != direct[index].scalars)
        }
        for index in 2...3 { #expect(winograd[index].scalars == direct[index].scalars) }
      }
    }
  }

  /// Gradients that meet at the same images are summed while the last one is computed, to the same bits as apart.
  @Test(arguments: [ConvolutionAlgorithm.direct, .winograd], [1, 2])
  func addsToOtherGradients(_ algorithm: ConvolutionAlgorithm, stride: Int) {
    for size in [1, 3] {
      let images = random([2, 9, 8, 32], "images")
      let weight = Variable(random([size, size, 32, 48], "weight"))
      let geometry = ConvolutionGeometry(stride: stride, padding: size / 2)
      func gradient(_ sum: (Variable, Variable) -> [Variable]) -> [Tensor] {
        let tape = Tape()
        let input = tape.variable(images)
        let output = input.convolution(weight, bias: nil, geometry: geometry, by: algorithm)
        let terms = sum(input, output)
        let total = terms.dropFirst().reduce(terms[0].sum()) { $0 + $1.sum() }
        return tape.gradients(of: total, withRespectTo: [input])
      }
      let alone = gradient { _, output in [output * output] }[0]
      let other = gradient { input, _ in [input * input] }[0]
      let both = gradient { input, output in [output * output, input * input] }[0]
      #expect(both.scalars == (alone + other).scalars, "\(size)x\(size)")
    }
  }

  @Test(arguments: Precision.allCases)
  func givesTheSameBitsForAnyThreads(_ precision: Precision) {
    let before = Parallelism.threads
    defer { Parallelism.threads = before }
    let inputs = inputs(7, 12, 11, 80, 144)
    Parallelism.threads = 1
    let alone = results(inputs, .winograd, then: .relu, precision)
    for threads in 2...4 {
      Parallelism.threads = threads
      for (one, other) in zip(results(inputs, .winograd, then: .relu, precision), alone) {
        #expect(one.scalars == other.scalars, "\(threads) threads")
      }
    }
  }

  /// The transformed weights must not outlive a change of the weights.
  @Test func seesNewWeights() {
    var inputs = inputs(1, 4, 4, 16, 16)
    let first = results(inputs, .winograd, then: .none)
    inputs[1].withUnsafeMutableElements { $0[0] += 1 }
    let second = results(inputs, .winograd, then: .none)
    #expect(first[0].scalars != second[0].scalars)
    let direct = results(inputs, .direct, then: .none)
    #expect(largestDifference(second[0], direct[0]) <= 1e-5 * rootMeanSquare(direct[0]))
    #expect(largestDifference(second[1], direct[1]) <= 1e-5 * rootMeanSquare(direct[1]))
  }

  /// Other kernels, strides, paddings and numbers of channels are summed directly.
  @Test func leavesOtherConvolutionsToTheDirectSum() {
    let cases = [
      (3, 16, 16, ConvolutionGeometry(stride: 3, padding: 1)), (3, 16, 16, ConvolutionGeometry()),
      (1, 32, 16, geometry), (3, 12, 16, geometry), (3, 16, 24, geometry),
      (3, 16, 16, ConvolutionGeometry(padding: 2, dilation: 2)),
    ]
    for (size, inputs, outputs, geometry) in cases {
      let images = Variable(random([2, 7, 7, inputs], "images"))
      let weight = Variable(random([size, size, inputs, outputs], "weight"))
      let winograd = images.convolution(weight, bias: nil, geometry: geometry, by: .winograd)
      let direct = images.convolution(weight, bias: nil, geometry: geometry)
      #expect(winograd.value.scalars == direct.value.scalars)
    }
  }

  /// With rounded products the errors are a few percent at most, and their root mean square about one; odd numbers of tiles leave halves of elements empty.
  @Test(arguments: bfloat16Levels) func roundsTransformedNumbers(_ level: String) {
    withKernels(level) {
      for (batch, height, width, channels, outputs, stride) in [
        (3, 7, 10, 48, 80, 1), (1, 4, 4, 144, 208, 1), (3, 7, 10, 48, 80, 2),
      ] {
        let inputs = inputs(batch, height, width, channels, outputs)
        let exact = results(inputs, .direct, then: .none, stride: stride)
        let rounded = results(inputs, .winograd, then: .none, .bfloat16, stride: stride)
        for (index, name) in ["output", "input gradient", "weight gradient"].enumerated() {
          let error = rootMeanSquare(rounded[index] - exact[index]) / rootMeanSquare(exact[index])
          #expect(error > 1e-3 && error < 3e-2, "\(level): \(name)")
        }
        #expect(rounded[3].scalars == exact[3].scalars)
      }
    }
  }

  /// All levels round the same numbers, up to the last bits of the transforms.
  @Test func roundsAlikeAtAllLevels() {
    let inputs = inputs(6, 9, 6, 64, 48)
    let all = bfloat16Levels.map { level in
      withKernels(level) { results(inputs, .winograd, then: .relu, .bfloat16) }
    }
    for other in all.dropFirst() {
      for (one, two) in zip(all[0], other) {
        #expect(rootMeanSquare(one - two) <= 2e-3 * rootMeanSquare(one))
      }
    }
  }

  /// A number that is not finite reaches all outputs of its tile, and none of the others.
  @Test func letsNaNThrough() {
    var inputs = inputs(2, 8, 8, 16, 16)
    inputs[0].withUnsafeMutableElements { $0[0] = .nan }
    let output = results(inputs, .winograd, then: .relu)[0]
    for (index, value) in output.scalars.enumerated() {
      let (pixel, image) = (index / 16 % 64, index / 1024)
      #expect(value.isNaN == (image == 0 && pixel / 8 < 4 && pixel % 8 < 4))
    }
  }
}
