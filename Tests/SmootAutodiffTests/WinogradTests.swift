import SmootAutodiff
import SmootTensor
import SmootTestSupport
import Testing

/// Pooled convolutions of passes that nobody differentiates, by Winograd's method: they must give what the direct sum gives.
@Suite(.serialized) struct WinogradTests {
  private func random(_ shape: Shape, _ name: String) -> Tensor {
    let key = RandomKey(seed: 3).derived(name)
    return Tensor((0..<shape.count).map { key.normal(at: UInt64($0)) }, shape: shape)
  }

  /// Even and odd extents, whole and partial tiles and panels of channels, and shapes that it does not serve.
  @Test(arguments: kernelLevels)
  func equalsTheDirectSum(level: String) {
    let shapes = [
      (26, 26, 32, 64, true), (30, 30, 32, 64, true), (7, 10, 16, 16, true), (6, 6, 16, 80, true),
      (9, 6, 48, 80, true), (4, 4, 16, 48, false), (8, 8, 8, 24, false), (6, 6, 3, 32, false),
      (5, 8, 16, 16, false),
    ]
    withKernels(level) {
      for (height, width, inputs, outputs, serves) in shapes {
        let images = random([3, height, width, inputs], "images")
        let weight = random([3, 3, inputs, outputs], "weight")
        let bias = Variable(random([outputs], "bias"))
        func pooled(_ weight: Variable, _ algorithm: ConvolutionAlgorithm) -> Tensor {
          Variable(images).convolution(weight, bias: bias, then: .reluMaxPool, by: algorithm).value
        }
        let direct = pooled(Variable(weight), .direct)
        let fast = pooled(Variable(weight), .winograd)
        let place = "\(level) \(height)x\(width) \(inputs) -> \(outputs)"
        expectClose(fast, direct, relative: 5e-6, place)
        #expect((fast.scalars != direct.scalars) == serves, "\(place)")
        // Where somebody may differentiate, equal sums must stay equal.
        #expect(pooled(Tape().variable(weight), .winograd).scalars == direct.scalars, "\(place)")
      }
    }
  }

  @Test func givesTheSameBitsForAnyThreads() {
    let before = Parallelism.threads
    defer { Parallelism.threads = before }
    let (images, weight) = (random([5, 14, 15, 16], "images"), random([3, 3, 16, 144], "weight"))
    let outputs = (1...4).map { threads in
      Parallelism.threads = threads
      return Variable(images).convolution(
        Variable(weight), bias: nil, then: .reluMaxPool, by: .winograd
      ).value.scalars
    }
    for output in outputs { #expect(output == outputs[0]) }
  }

  /// A number that is not finite must not disappear in a maximum.
  @Test func letsNaNThrough() {
    var values = random([1, 8, 8, 16], "images").scalars
    values[5 * 16] = .nan
    let output = Variable(Tensor(values, shape: [1, 8, 8, 16])).convolution(
      Variable(random([3, 3, 16, 16], "weight")), bias: nil, then: .reluMaxPool, by: .winograd)
    #expect(output.value.scalars.contains { $0.isNaN })
  }
}
