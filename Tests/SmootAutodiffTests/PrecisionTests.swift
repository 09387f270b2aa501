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

  /// With operands that are not changed by rounding, both precisions give the same, rounded where an operation keeps it so.
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
        found, wanted.converted(to: found.precision), relative: relative, "\(name) \(index)",
        sourceLocation: sourceLocation)
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

  /// A branch is its operations one after the other, except that the slopes of GELU are rounded too; sums of some gradients come in another order.
  @Test(arguments: bfloat16Levels) func perceptronBranchEqualsItsParts(_ level: String) {
    let inputs =
      [scrambled([140, 12], 0.1)] + BranchCase.parameters(width: 12, inner: 48, depth: 48)
    withKernels(level) {
      let found = results(inputs, { coarse($0, 0.9) }) {
        $0[0].perceptronBranch(BranchCase.parameters($0), addsInput: true, .bfloat16)
      }
      let parts = results(inputs, { coarse($0, 0.9) }) {
        BranchCase.perceptronParts($0, .bfloat16)
      }
      for (index, slack) in [1e-6, 2e-2, 2e-2, 2e-2, 2e-2, 2e-2, 1e-6, 1e-6].enumerated() {
        expectClose(
          found[index], parts[index], relative: Float(slack), "\(level), number \(index)")
      }
    }
  }

  @Test(arguments: bfloat16Levels, [(tokens: 7, heads: 2), (tokens: 65, heads: 1)])
  func attentionBranchEqualsItsParts(_ level: String, _ extents: (tokens: Int, heads: Int)) {
    let inputs =
      [scrambled([3 * extents.tokens, 12], 0.1)]
      + BranchCase.parameters(width: 12, inner: 36, depth: 12)
    withKernels(level) {
      let found = results(inputs, { formula($0, 0.9) }) {
        $0[0].attentionBranch(
          BranchCase.parameters($0), tokens: extents.tokens, heads: extents.heads, addsInput: true,
          .bfloat16)
      }
      let parts = results(inputs, { formula($0, 0.9) }) {
        BranchCase.attentionParts(
          $0, tokens: extents.tokens, heads: extents.heads, .bfloat16)
      }
      for index in 0..<8 {
        expectClose(found[index], parts[index], relative: 2e-6, "\(level), number \(index)")
      }
    }
  }

  /// Each gradient is the same whichever others are asked for, and so is the result where nothing is recorded.
  @Test(arguments: [Precision.float32, .bfloat16])
  func branchesComputeWhatIsAskedFor(_ precision: Precision) {
    func check(_ inputs: [Tensor], _ function: ([Variable]) -> Variable) {
      let tape = Tape()
      let variables = inputs.map(tape.variable)
      let output = function(variables)
      #expect(function(inputs.map { Variable($0) }).value.scalars == output.value.scalars)
      let all = tape.gradients(of: output, withRespectTo: variables)
      for (index, variable) in variables.enumerated() {
        let alone = tape.gradients(of: output, withRespectTo: [variable])[0]
        #expect(alone.scalars == all[index].scalars, "number \(index)")
        let other = Tape()
        let constants = inputs.enumerated().map { place, value in
          place == index ? other.variable(value) : Variable(value)
        }
        let single = other.gradients(of: function(constants), withRespectTo: [constants[index]])
        #expect(single[0].scalars == all[index].scalars, "number \(index) among constants")
      }
    }
    // More pieces than parts of shared memory.
    check([scrambled([1200, 6], 0.1)] + BranchCase.parameters(width: 6, inner: 8, depth: 8)) {
      $0[0].perceptronBranch(BranchCase.parameters($0), addsInput: true, precision)
    }
    for count in [1, 3, 5] {
      check([scrambled([100, 8], 0.1)] + BranchCase.parameters(width: 8, inner: 24, depth: 8)) {
        $0[0].attentionBranch(
          BranchCase.parameters($0), tokens: 5, heads: 2, first: count, addsInput: count == 3,
          precision)
      }
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

  /// Odd numbers of inputs or outputs are computed in 32 bits, and so are kernels with few weights, whose results are rounded.
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
        == images.convolution(kernel, bias: nil).value.converted(to: .bfloat16).scalars)
    let odd = Variable(formula([2, 6, 6, 9], 0.1))
    let wide = Variable(formula([3, 3, 9, 4], 0.2))
    #expect(
      odd.convolution(wide, bias: nil, .bfloat16).value.scalars
        == odd.convolution(wide, bias: nil).value.scalars)
  }
}
