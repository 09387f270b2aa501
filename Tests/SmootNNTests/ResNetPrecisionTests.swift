import SmootAutodiff
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

/// How far the rounding of factors and of images moves the gradients of a residual network.
@Suite(.serialized) struct ResNetPrecisionTests {
  private let images: Tensor = {
    let key = RandomKey(seed: 4).derived("images")
    let shape: Shape = [32, 3, 32, 32]
    return Tensor((0..<shape.count).map { key.normal(at: UInt64($0)) }, shape: shape)
  }()

  /// The gradients of the convolutions' weights with the initial weights.
  private func gradients(
    _ precision: Precision, _ algorithm: ConvolutionAlgorithm
  ) -> [[Float]] {
    let model = ResNet(
      .resnet18, inputSize: ImageSize(channels: 3, height: 32, width: 32), classCount: 10,
      random: RandomKey(seed: 1))
    let tape = Tape()
    let context = ForwardContext(
      mode: .training, tape: tape, random: RandomKey(seed: 2), precision: precision,
      convolution: algorithm)
    let loss = model.logits(Variable(images), context)
      .crossEntropy((0..<32).map { Int32($0 % 10) })
    let weights = model.parameters.filter { $0.value.shape.rank == 4 }
    return tape.gradients(of: loss, withRespectTo: weights.map(tape.variable(for:)))
      .map(\.scalars)
  }

  /// The mean over all weights' gradients of the size of the difference, relative to the size of the gradient.
  private func distance(_ found: [[Float]], _ exact: [[Float]]) -> Float {
    let each = zip(found, exact).map { found, exact in
      let square = zip(found, exact).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      return (square / exact.reduce(0) { $0 + $1 * $1 }).squareRoot()
    }
    return each.reduce(0, +) / Float(each.count)
  }

  /// Rounding changes where a ReLU is open, and a network with statistics of the batch spreads that: PyTorch is 0.30 away from itself.
  @Test(arguments: [(ConvolutionAlgorithm.direct, Float(0.35)), (.winograd, 0.6)])
  func gradientsStayNear(_ algorithm: ConvolutionAlgorithm, _ most: Float) {
    let exact = gradients(.float32, .direct)
    #expect(distance(gradients(.float32, algorithm), exact) < 0.02)
    let rounded = distance(gradients(.bfloat16, algorithm), exact)
    #expect(rounded < most && rounded > 0.01)
  }
}
