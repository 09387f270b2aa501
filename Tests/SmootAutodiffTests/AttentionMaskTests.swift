import SmootAutodiff
import SmootTensor
import SmootTestSupport
import Testing

/// Attention in which tokens are query, key and value at once, and in which keys or weights are dropped.
@Suite(.serialized) struct AttentionMaskTests {
  private let tokens = formula([8, 6], 0.2, 1.5)

  private func makeMask(_ kind: AttentionMask.Kind, rate: Float, seed: UInt64 = 3) -> AttentionMask
  {
    AttentionMask(
      kind, rate: rate, keys: (0..<2).map { RandomKey(seed: seed).derived($0) }, heads: 1,
      tokens: 4)
  }

  @Test(arguments: kernelLevels) func agreesWithDifferences(_ level: String) {
    withKernels(level) {
      checkGradients(of: { $0[0].selfAttention(tokens: 4) }, at: [tokens])
      for kind in [AttentionMask.Kind.keys, .weights] {
        let mask = makeMask(kind, rate: 0.4)
        let rows = mask.values.scalars
        // A query without keys is uniform, and differences see no slope there.
        #expect((0..<8).allSatisfy { row in rows[row * 4..<row * 4 + 4].contains { $0 >= 0 } })
        #expect(Set(rows).count == 2)
        checkGradients(of: { $0[0].selfAttention(tokens: 4, mask: mask) }, at: [tokens])
      }
    }
  }

  @Test(arguments: [nil, AttentionMask.Kind.keys, .weights])
  func separatesIntoOperations(_ kind: AttentionMask.Kind?) {
    let mask = kind.map { makeMask($0, rate: 0.5) }
    func gradients(_ function: (Variable) -> Variable) -> (Tensor, Tensor) {
      let tape = Tape()
      let input = tape.variable(tokens)
      let output = function(input)
      let seed = formula(output.shape, 0.9)
      return (output.value, tape.gradients(of: output, seed: seed, withRespectTo: [input])[0])
    }
    let fused = gradients { $0.selfAttention(tokens: 4, mask: mask) }
    var seen: Shape?
    let separate = gradients { input in
      input.separateSelfAttention(tokens: 4, mask: mask) { weights in
        seen = weights.shape
        let sums = weights.value.sum(over: [3]).scalars
        #expect(sums.allSatisfy { abs($0 - 1) < 1e-5 })
        return weights
      }
    }
    #expect(seen == [2, 1, 4, 4])
    expectClose(separate.0, fused.0)
    expectClose(separate.1, fused.1, relative: 1e-4)
  }

  @Test func givesDroppedKeysNoWeight() {
    let mask = makeMask(.keys, rate: 0.5)
    _ = Variable(tokens).separateSelfAttention(tokens: 4, mask: mask) { weights in
      for row in 0..<8 {
        let range = row * 4..<row * 4 + 4
        let (values, added) = (weights.value.scalars[range], mask.values.scalars[range])
        guard added.contains(0) else { continue }
        for (value, addend) in zip(values, added) { #expect((value > 0) == (addend == 0)) }
      }
      return weights
    }
  }

  /// All keys dropped: every query takes the mean of all tokens.
  @Test func isUniformWithoutKeys() {
    let result = Variable(tokens).selfAttention(tokens: 4, mask: makeMask(.keys, rate: 1)).value
    let means = tokens.reshaped(to: [2, 4, 6]).mean(over: [1]).broadcast(to: [2, 4, 6])
    expectClose(result, means.reshaped(to: [8, 6]))
  }

  @Test func drawsForEachImageByItself() {
    let both = makeMask(.weights, rate: 0.3).values
    let second = AttentionMask(
      .weights, rate: 0.3, keys: [RandomKey(seed: 3).derived(1)], heads: 1, tokens: 4)
    #expect(both.sliced(axis: 0, 1..<2).scalars == second.values.scalars)
    #expect(makeMask(.weights, rate: 0.3, seed: 4).values.scalars != both.scalars)
    let many = AttentionMask(
      .weights, rate: 0.3, keys: (0..<4).map { RandomKey(seed: 1).derived($0) }, heads: 2,
      tokens: 50
    ).values.scalars
    let share = Double(many.count { $0 == 0 }) / Double(many.count)
    #expect(abs(share - 0.3) < 0.015)
    #expect(Set(many) == [0, 1 / (1 - 0.3)])
  }
}
