import SmootAutodiff
import SmootTensor
import SmootTestSupport
import Testing

/// Operations whose products are of bfloat16: they are the ones of float32 with rounded operands.
@Suite(.serialized) struct PrecisionTests {
  /// A tensor whose numbers are bfloat16 already: eighths.
  private func coarse(_ shape: Shape, _ phase: Double) -> Tensor {
    formula(shape, phase, 2).mapped { ($0 * 8).rounded() / 8 }
  }

  /// With operands that are not changed by rounding, both precisions give the same forward result, and gradients differ by the rounding of the upstream gradient alone.
  private func compare(
    _ inputs: [Tensor], _ name: String, relative: Float = 2e-6,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ function: ([Variable], Precision) -> Variable
  ) {
    func run(_ precision: Precision) -> [Tensor] {
      let tape = Tape()
      let variables = inputs.map(tape.variable)
      let output = function(variables, precision)
      return [output.value]
        + tape.gradients(
          of: output, seed: coarse(output.shape, 0.9), withRespectTo: variables)
    }
    for (index, (found, wanted)) in zip(run(.bfloat16), run(.float32)).enumerated() {
      expectClose(
        found, wanted, relative: relative, "\(name) \(index)", sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: bfloat16Levels) func equalsFloat32WhereRoundingChangesNothing(_ level: String) {
    withKernels(level) {
      compare([coarse([70, 48], 0.1), coarse([34, 48], 0.2), coarse([34], 0.3)], "linear") {
        $0[0].linear($0[1], bias: $0[2], $1)
      }
      let kernel = coarse([3, 3, 12, 20], 0.2)
      for geometry in [
        ConvolutionGeometry(padding: 1), ConvolutionGeometry(stride: 2, padding: 1),
        ConvolutionGeometry(stride: 2, padding: 2, dilation: 2),
      ] {
        compare([coarse([2, 9, 8, 12], 0.1), kernel, coarse([20], 0.3)], "convolution") {
          $0[0].convolution($0[1], bias: $0[2], geometry: geometry, $1)
        }
      }
      compare([coarse([3, 8, 9, 12], 0.1), kernel, coarse([20], 0.3)], "pooled") {
        $0[0].convolution($0[1], bias: $0[2], then: .reluMaxPool, $1)
      }
    }
  }

  /// The output of a function and the gradients of its inputs.
  private func results(
    _ inputs: [Tensor], _ seed: (Shape) -> Tensor, _ function: ([Variable]) -> Variable
  ) -> [Tensor] {
    let tape = Tape()
    let variables = inputs.map(tape.variable)
    let output = function(variables)
    return [output.value]
      + tape.gradients(of: output, seed: seed(output.shape), withRespectTo: variables)
  }

  /// Attention rounds the weights too, so that only some digits agree.
  @Test(arguments: bfloat16Levels) func attentionRoundsItsFactors(_ level: String) {
    withKernels(level) {
      compare([coarse([30, 72], 0.1)], "attention", relative: 6e-3) {
        $0[0].attention(tokens: 15, heads: 2, $1)
      }
      compare([coarse([130, 48], 0.1)], "attention of 65 tokens", relative: 6e-3) {
        $0[0].attention(tokens: 65, heads: 1, $1)
      }
    }
  }

  /// It is the two maps one after the other, except that the slopes of GELU are rounded too.
  @Test(arguments: bfloat16Levels) func perceptronEqualsItsParts(_ level: String) {
    let inputs = [
      formula([70, 12], 0.1), formula([48, 12], 0.2), formula([48], 0.3), formula([10, 48], 0.4),
      formula([10], 0.5),
    ]
    withKernels(level) {
      let found = results(inputs, { coarse($0, 0.9) }) {
        $0[0].roundedPerceptron($0[1], bias: $0[2], $0[3], bias: $0[4])
      }
      let parts = results(inputs, { coarse($0, 0.9) }) {
        $0[0].linearGELU($0[1], bias: $0[2], .bfloat16).linear($0[3], bias: $0[4], .bfloat16)
      }
      for (index, slack) in [1e-6, 8e-3, 8e-3, 8e-3, 1e-6, 1e-6].enumerated() {
        expectClose(
          found[index], parts[index], relative: Float(slack), "\(level), number \(index)")
      }
    }
  }

  /// It is the map and then attention to the bit, but for the order in which the gradient of the bias is summed.
  @Test(arguments: bfloat16Levels, [(tokens: 7, heads: 2), (tokens: 65, heads: 1)])
  func linearAttentionEqualsItsParts(_ level: String, _ extents: (tokens: Int, heads: Int)) {
    let inputs = [
      formula([3 * extents.tokens, 10], 0.1), formula([36, 10], 0.2), formula([36], 0.3),
    ]
    withKernels(level) {
      let found = results(inputs, { formula($0, 0.9) }) {
        $0[0].roundedAttention(
          $0[1], bias: $0[2], tokens: extents.tokens, heads: extents.heads)
      }
      let parts = results(inputs, { formula($0, 0.9) }) {
        $0[0].linear($0[1], bias: $0[2], .bfloat16)
          .attention(tokens: extents.tokens, heads: extents.heads, .bfloat16)
      }
      for index in 0..<3 {
        #expect(found[index].scalars == parts[index].scalars, "\(level), number \(index)")
      }
      expectClose(found[3], parts[3], relative: 1e-6, "\(level), bias")
    }
  }

  /// Each gradient is the same whichever others are asked for.
  @Test func computesWhatIsAskedFor() {
    func check(_ shapes: [Shape], _ function: ([Variable]) -> Variable) {
      let tape = Tape()
      let x = shapes.enumerated().map { tape.variable(formula($1, Double($0) * 0.1)) }
      let output = function(x)
      let all = tape.gradients(of: output, withRespectTo: x)
      for (index, variable) in x.enumerated() {
        let alone = tape.gradients(of: output, withRespectTo: [variable])[0]
        #expect(alone.scalars == all[index].scalars)
      }
    }
    check([[5, 6], [8, 6], [8], [4, 8], [4]]) {
      $0[0].roundedPerceptron($0[1], bias: $0[2], $0[3], bias: $0[4])
    }
    check([[10, 6], [12, 6], [12]]) {
      $0[0].roundedAttention($0[1], bias: $0[2], tokens: 5, heads: 2)
    }
  }

  @Test func roundsItsOperands() {
    let x = formula([5, 6], 0.1)
    let weight = formula([4, 6], 0.2)
    let exact = Variable(x).linear(Variable(weight), bias: Variable(.zeros([4]))).value
    let rounded = Variable(x).linear(Variable(weight), bias: Variable(.zeros([4])), .bfloat16).value
    let off = zip(exact.scalars, rounded.scalars).map { abs($0 - $1) }.max() ?? 0
    #expect(off > 1e-5 && off < 2e-2)
  }

  /// Odd numbers of inputs or outputs, and kernels with few weights, are computed in 32 bits.
  @Test func keepsWhatCannotBePaired() {
    let (x, weight) = (Variable(formula([5, 7], 0.1)), Variable(formula([4, 7], 0.2)))
    let zeros = Variable(.zeros([4]))
    #expect(
      x.linear(weight, bias: zeros, .bfloat16).value.scalars
        == x.linear(weight, bias: zeros).value.scalars)
    let images = Variable(formula([2, 6, 6, 2], 0.1))
    let kernel = Variable(formula([3, 3, 2, 4], 0.2))
    #expect(
      images.convolution(kernel, bias: nil, .bfloat16).value.scalars
        == images.convolution(kernel, bias: nil).value.scalars)
  }
}
