import SmootAutodiff
import SmootTensor
import SmootTestSupport
import Testing

/// Each operation's gradient against differences of its values.
@Suite(.serialized) struct GradientTests {
  private let a = formula([3, 4], 0.15)
  private let b = formula([3, 4], 0.6) + Tensor(2)

  @Test func ofArithmetic() {
    checkGradients(of: { $0[0] + $0[1] }, at: [a, formula([4], 0.2)])
    checkGradients(of: { $0[0] - $0[1] }, at: [a, formula([3, 1], 0.2)])
    checkGradients(of: { $0[0] * $0[1] }, at: [a, formula([1, 4], 0.2)])
    checkGradients(of: { $0[0] / $0[1] }, at: [a, b])
    checkGradients(of: { $0[0] * 2.5 }, at: [a])
  }

  @Test func ofLayout() {
    checkGradients(of: { $0[0].reshaped(to: [2, 6]) }, at: [a])
    checkGradients(of: { $0[0].permuted([1, 0]) }, at: [a])
    checkGradients(of: { $0[0].sliced(axis: 1, 1..<3) }, at: [a])
    checkGradients(of: { .concatenated([$0[0], $0[1]], axis: 1) }, at: [a, b])
    checkGradients(of: { $0[0].broadcast(to: [2, 3, 4]) }, at: [a])
    checkGradients(of: { $0[0].padded(by: 2) }, at: [formula([2, 3, 4, 2], 0.1)])
    checkGradients(of: { $0[0].channelsLast }, at: [formula([2, 3, 4, 2], 0.1)])
  }

  @Test func ofPointwiseFunctions() {
    checkGradients(of: { $0[0].gelu() }, at: [a])
    checkGradients(of: { $0[0].attention(tokens: 3, heads: 2) }, at: [formula([6, 12], 0.1)])
    let tokens = [scrambled([6, 6], 0.1)]
    for count in [2, 3] {
      checkGradients(
        of: {
          $0[0].attentionBranch(
            BranchCase.parameters($0), tokens: 3, heads: 2, first: count, addsInput: true)
        }, at: tokens + BranchCase.parameters(width: 6, inner: 18, depth: 6), step: 5e-3)
    }
    checkGradients(
      of: { $0[0].perceptronBranch(BranchCase.parameters($0), addsInput: false) },
      at: tokens + BranchCase.parameters(width: 6, inner: 7, depth: 7), step: 5e-3)
    checkGradients(of: { $0[0].patches(size: 2) }, at: [formula([1, 2, 4, 2], 0.1)])
    checkGradients(of: { $0[0].tanh() }, at: [a])
    checkGradients(of: { $0[0].sigmoid() }, at: [a])
    checkGradients(of: { $0[0].exp() }, at: [a])
    checkGradients(of: { $0[0].log() }, at: [b])
    checkGradients(of: { $0[0].relu() }, at: [b])
    checkGradients(of: { $0[0].dropout(rate: 0.4, key: RandomKey(seed: 1)) }, at: [a])
  }

  @Test func ofReductionsAndLosses() {
    checkGradients(of: { $0[0].sum(over: [0]) }, at: [a])
    checkGradients(of: { $0[0].mean(over: [1]) }, at: [a])
    checkGradients(of: { $0[0].softmax() }, at: [a])
    checkGradients(of: { $0[0].logSoftmax() }, at: [a])
    checkGradients(of: { $0[0].crossEntropy([0, 3, 1], smoothing: 0.1) }, at: [a])
    for kind in DivergenceKind.allCases {
      checkGradients(of: { $0[0].divergence(to: $0[1], kind) }, at: [a, b])
    }
    for kind in ScoreKind.allCases {
      checkGradients(of: { $0[0].score(ofClasses: [0, 3, 1], kind) }, at: [a])
    }
  }

  @Test func ofNormalizations() {
    let (scale, shift) = (formula([4], 0.3) + Tensor(1), formula([4], 0.4))
    checkGradients(
      of: { $0[0].layerNorm(scale: $0[1], shift: $0[2], epsilon: 1e-6) }, at: [a, scale, shift])
    checkGradients(
      of: { $0[0].batchNorm(scale: $0[1], shift: $0[2], epsilon: 1e-5).output },
      at: [a, scale, shift], tolerance: 1e-2)
  }

  @Test(arguments: kernelLevels) func ofMatricesAndConvolutions(_ level: String) {
    withKernels(level) {
      checkGradients(
        of: { $0[0].linear($0[1], bias: $0[2]) },
        at: [a, formula([5, 4], 0.2), formula([5], 0.3)])
      checkGradients(
        of: { $0[0].matrixProduct($0[1]) }, at: [formula([2, 3, 5], 0), formula([2, 5, 4], 1)])
      for (channels, outputs) in [(1, 4), (3, 17), (16, 33)] {
        checkGradients(
          of: {
            $0[0].convolution(
              $0[1], bias: $0[2], geometry: ConvolutionGeometry(stride: 2, padding: 1))
          },
          at: [
            formula([2, 7, 6, channels], 0.1), formula([3, 3, channels, outputs], 0.2, 0.2),
            formula([outputs], 0.3),
          ])
      }
    }
  }

  @Test func ofPooling() {
    // Neighbours differ by more than the step, so that no maximum changes its place.
    let image = formula([1, 6, 6, 2], 0.1, 20)
    checkGradients(of: { $0[0].maxPool(size: 2, stride: 2) }, at: [image])
    checkGradients(of: { $0[0].averagePool(size: 3, stride: 2, padding: 1) }, at: [image])
  }
}
