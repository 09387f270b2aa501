import SmootAutodiff
import SmootTensor
import SmootTestSupport
import Testing

/// Passes that are not differentiated take Winograd's method; it must give what the direct sum gives.
@Suite(.serialized) struct WinogradTests {
  private func random(_ shape: Shape, _ name: String) -> Tensor {
    let key = RandomKey(seed: 3).derived(name)
    return Tensor((0..<shape.count).map { key.normal(at: UInt64($0)) }, shape: shape)
  }

  /// Even and odd extents, whole and partial blocks of channels, and shapes that it does not serve.
  @Test(arguments: kernelLevels)
  func equalsTheDirectSum(level: String) {
    let shapes = [
      (26, 26, 32, 64), (30, 30, 32, 64), (7, 10, 16, 16), (4, 4, 16, 48), (9, 6, 48, 80),
      (8, 8, 8, 24), (6, 6, 3, 32), (5, 3, 16, 16),
    ]
    withKernels(level) {
      for (height, width, inputs, outputs) in shapes {
        let images = random([3, height, width, inputs], "images")
        let weight = random([3, 3, inputs, outputs], "weight")
        let bias = Variable(random([outputs], "bias"))
        let tape = Tape()
        let direct = Variable(images)
          .convolution(tape.variable(weight), bias: bias, then: .reluMaxPool).value
        let fast = Variable(images).convolution(Variable(weight), bias: bias, then: .reluMaxPool)
          .value
        #expect(fast.shape == direct.shape)
        let largest = direct.scalars.map(abs).max() ?? 0
        let difference = zip(fast.scalars, direct.scalars).map { abs($0 - $1) }.max() ?? 0
        #expect(
          difference <= 2e-6 * largest, "\(level) \(height)x\(width) \(inputs) -> \(outputs)")
      }
    }
  }

  /// A number that is not finite must not disappear in a maximum.
  @Test func letsNaNThrough() {
    var values = random([1, 8, 8, 16], "images").scalars
    values[5 * 16] = .nan
    let output = Variable(Tensor(values, shape: [1, 8, 8, 16])).convolution(
      Variable(random([3, 3, 16, 16], "weight")), bias: nil, then: .reluMaxPool)
    #expect(output.value.scalars.contains { $0.isNaN })
  }
}
