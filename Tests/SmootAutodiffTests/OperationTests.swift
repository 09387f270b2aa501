import Foundation
import SmootAutodiff
import SmootTensor
import SmootTestSupport
import Testing

/// Each operation against PyTorch's numbers, forward and gradient, with the kernels of each instruction set.
@Suite(.serialized) struct OperationTests {
  private let golden: GoldenFile
  private let a = formula([3, 4], 0.1)
  private let b = formula([3, 4], 0.6) + Tensor(2)
  private let labels: [Int32] = [1, 0, 3]

  init() throws { golden = try GoldenFile(Bundle.module.bundlePath, "operations") }

  private func check(
    _ name: String, _ inputs: [Tensor], relative: Float = 1e-5,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ function: ([Variable]) -> Variable
  ) throws {
    let tape = Tape()
    let variables = inputs.map(tape.variable)
    let output = function(variables)
    let expected = try golden.tensor("\(name).output")
    expectClose(
      output.value, expected, relative: relative, "\(name) output", sourceLocation: sourceLocation)
    let gradients = tape.gradients(
      of: output, seed: formula(output.shape, 0.9), withRespectTo: variables)
    for (index, gradient) in gradients.enumerated() {
      expectClose(
        gradient, try golden.tensor("\(name).gradient.\(index)"), relative: relative,
        "\(name) gradient \(index)", sourceLocation: sourceLocation)
    }
  }

  @Test func arithmetic() throws {
    let row = formula([4], 0.2)
    try check("add", [a, row]) { $0[0] + $0[1] }
    try check("subtract", [a, row]) { $0[0] - $0[1] }
    try check("multiply", [a, row]) { $0[0] * $0[1] }
    try check("divide", [a, b]) { $0[0] / $0[1] }
  }

  @Test func matrices() throws {
    try check("matmul", [formula([3, 5], 0.1), formula([5, 4], 0.2)]) { $0[0].matrixProduct($0[1]) }
    try check("matmul_stack", [formula([2, 3, 5], 0.1), formula([2, 5, 4], 0.2)]) {
      $0[0].matrixProduct($0[1])
    }
  }

  @Test(arguments: kernelLevels) func transformers(_ level: String) throws {
    try withKernels(level) {
      try check("attention", [formula([10, 24], 0.1, 2)]) { $0[0].attention(tokens: 5, heads: 2) }
      let map = [formula([6, 5], 0.1), formula([4, 5], 0.2), formula([4], 0.3)]
      try check("linear", map) { $0[0].linear($0[1], bias: $0[2]) }
      try check("patches", [formula([2, 3, 4, 6], 0.1)]) { $0[0].patches(size: 2) }
    }
  }

  @Test(arguments: kernelLevels) func branchesOfTransformers(_ level: String) throws {
    let tokens = scrambled([10, 8], 0.1, 2)
    let attention = [tokens] + BranchCase.parameters(width: 8, inner: 24, depth: 8)
    let rows = scrambled([71, 8], 0.1, 2)
    let perceptron = [rows] + BranchCase.parameters(width: 8, inner: 12, depth: 12)
    try withKernels(level) {
      try check("attention_branch", attention) {
        $0[0].attentionBranch(BranchCase.parameters($0), tokens: 5, heads: 2, addsInput: true)
      }
      try check("attention_branch.first", attention) {
        $0[0].attentionBranch(
          BranchCase.parameters($0), tokens: 5, heads: 2, first: 2, addsInput: true)
      }
      try check("perceptron_branch", perceptron) {
        $0[0].perceptronBranch(BranchCase.parameters($0), addsInput: true)
      }
      try check("perceptron_branch.alone", perceptron) {
        $0[0].perceptronBranch(BranchCase.parameters($0), addsInput: false)
      }
    }
  }

  @Test(arguments: kernelLevels) func activations(_ level: String) throws {
    try withKernels(level) {
      try check("relu", [a]) { $0[0].relu() }
      try check("gelu", [a * 3]) { $0[0].gelu() }
      try check("tanh", [a]) { $0[0].tanh() }
      try check("sigmoid", [a]) { $0[0].sigmoid() }
      try check("exp", [a]) { $0[0].exp() }
      try check("log", [b]) { $0[0].log() }
      try check("softmax", [a * 3]) { $0[0].softmax() }
      try check("log_softmax", [a * 3]) { $0[0].logSoftmax() }
    }
  }

  @Test func losses() throws {
    try check("cross_entropy", [a * 3]) { $0[0].crossEntropy(labels).reshaped(to: [1]) }
    try check("cross_entropy_smoothed", [a * 3]) {
      $0[0].crossEntropy(labels, smoothing: 0.1).reshaped(to: [1])
    }
    for (name, kind) in [
      ("kl_forward", DivergenceKind.forward), ("kl_reverse", .reverse), ("kl_js", .jensenShannon),
    ] {
      try check(name, [a * 3, b * 2]) { $0[0].divergence(to: $0[1], kind).reshaped(to: [1]) }
    }
  }

  @Test func normalizations() throws {
    let (scale, shift) = (formula([4], 0.3) + Tensor(1), formula([4], 0.4))
    try check("layer_norm", [a, scale, shift]) {
      $0[0].layerNorm(scale: $0[1], shift: $0[2], epsilon: 1e-6)
    }
    try check("batch_norm", [a, scale, shift], relative: 3e-5) {
      $0[0].batchNorm(scale: $0[1], shift: $0[2], epsilon: 1e-5).output
    }
    try check("batch_norm_eval", [a, scale, shift]) {
      $0[0].batchNorm(
        scale: $0[1], shift: $0[2], mean: formula([4], 0.7),
        variance: formula([4], 0.8) + Tensor(1.5), epsilon: 1e-5)
    }
  }

  @Test func reductions() throws {
    try check("sum", [a]) { $0[0].sum(over: [1]) }
    try check("mean", [a]) { $0[0].mean(over: [0]) }
    try check("maximum", [a]) { $0[0].maximum(over: [1]) }
  }

  struct ConvolutionCase: CustomTestStringConvertible {
    let name: String
    let image: Shape
    let outputs: Int
    let kernel: Int
    var geometry = ConvolutionGeometry()
    var testDescription: String { name }
  }

  private static let convolutions: [ConvolutionCase] = [
    .init(name: "plain", image: [2, 3, 7, 6], outputs: 4, kernel: 3),
    .init(name: "stride", image: [2, 3, 9, 8], outputs: 5, kernel: 3, geometry: .init(stride: 2)),
    .init(
      name: "padding", image: [2, 2, 5, 6], outputs: 4, kernel: 3, geometry: .init(padding: 1)),
    .init(
      name: "dilation", image: [1, 3, 9, 9], outputs: 4, kernel: 3, geometry: .init(dilation: 2)),
    .init(name: "groups", image: [2, 4, 6, 6], outputs: 6, kernel: 3, geometry: .init(groups: 2)),
    .init(name: "one", image: [2, 5, 4, 4], outputs: 3, kernel: 1),
    .init(name: "five", image: [1, 1, 9, 9], outputs: 3, kernel: 5),
    .init(name: "wide", image: [1, 32, 6, 6], outputs: 64, kernel: 3),
    .init(
      name: "all", image: [2, 4, 11, 10], outputs: 6, kernel: 3,
      geometry: .init(stride: 2, padding: 2, dilation: 2, groups: 2)),
    // More than 64 weights for an output channel.
    .init(
      name: "deep", image: [2, 12, 9, 8], outputs: 20, kernel: 3,
      geometry: .init(stride: 2, padding: 1)),
    .init(
      name: "deep.dilated", image: [1, 10, 11, 10], outputs: 9, kernel: 3,
      geometry: .init(stride: 2, padding: 2, dilation: 3)),
    .init(
      name: "deep.strided", image: [2, 70, 5, 6], outputs: 9, kernel: 1, geometry: .init(stride: 2)
    ),
    .init(
      name: "deep.stem", image: [2, 3, 13, 12], outputs: 10, kernel: 7,
      geometry: .init(stride: 2, padding: 3)),
    .init(
      name: "deep.unread", image: [2, 9, 9, 8], outputs: 7, kernel: 3, geometry: .init(stride: 4)),
    .init(
      name: "deep.cut", image: [1, 530, 3, 4], outputs: 3, kernel: 3, geometry: .init(padding: 1)),
  ]

  @Test(arguments: kernelLevels, convolutions)
  func convolution(_ level: String, _ example: ConvolutionCase) throws {
    let weight: Shape = [
      example.outputs, example.image[1] / example.geometry.groups, example.kernel, example.kernel,
    ]
    let inputs = [
      formula(example.image, 0.1), formula(weight, 0.2, 0.3), formula([example.outputs], 0.3),
    ]
    try withKernels(level) {
      try check("conv2d.\(example.name)", inputs) { x in
        x[0].channelsLast
          .convolution(x[1].permuted([2, 3, 1, 0]), bias: x[2], geometry: example.geometry)
          .channelsFirst
      }
    }
  }

  @Test(arguments: kernelLevels) func pooledConvolution(_ level: String) throws {
    for (name, image, weight, scale) in [
      ("conv_relu_pool", [2, 3, 9, 10], [5, 3, 3, 3], 0.3),
      ("conv_relu_pool_wide", [1, 32, 8, 8], [64, 32, 3, 3], 0.1),
    ] as [(String, [Int], [Int], Double)] {
      let inputs = [
        formula(Shape(image), 0.1), formula(Shape(weight), 0.2, scale), formula([weight[0]], 0.3),
      ]
      try withKernels(level) {
        try check(name, inputs) { x in
          x[0].channelsLast
            .convolution(x[1].permuted([2, 3, 1, 0]), bias: x[2], then: .reluMaxPool)
            .channelsFirst
        }
      }
    }
  }

  @Test func pooling() throws {
    let image = formula([2, 3, 7, 8], 0.1)
    try check("max_pool", [image]) { $0[0].channelsLast.maxPool(size: 2, stride: 2).channelsFirst }
    try check("max_pool_padded", [image]) {
      $0[0].channelsLast.maxPool(size: 3, stride: 2, padding: 1).channelsFirst
    }
    try check("average_pool", [image]) {
      $0[0].channelsLast.averagePool(size: 2, stride: 2).channelsFirst
    }
  }
}
