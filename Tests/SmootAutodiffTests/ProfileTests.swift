import SmootAutodiff
import SmootTensor
import SmootTestSupport
import Testing

/// What a profile says of a small computation.
@Suite struct ProfileTests {
  private func rows(_ body: () -> Void) -> [OperationProfile.Row] {
    let profile = OperationProfile()
    OperationProfile.$current.withValue(profile, operation: body)
    return profile.rows
  }

  @Test func countsOperationsAndBytes() throws {
    let rows = rows {
      let tape = Tape()
      let x = tape.variable(formula([6, 4], 0.1))
      let weight = tape.variable(formula([10, 4], 0.2))
      let bias = tape.variable(formula([10], 0.3))
      let output = x.linear(weight, bias: bias).relu()
      _ = tape.gradients(of: output, withRespectTo: [x])
      _ = tape.gradients(of: output, withRespectTo: [x, weight])
      OperationProfile.end(of: "the rest")
    }
    func row(_ operation: String, _ pass: OperationProfile.Pass) throws -> OperationProfile.Row {
      try #require(rows.first { $0.operation == operation && $0.pass == pass })
    }
    let forward = try row("linear", .forward)
    #expect(forward.shape == [6, 10])
    #expect(forward.calls == 1)
    #expect(forward.operations == Double(2 * 6 * 4 * 10))
    #expect(forward.bytes == Double(4 * (6 * 4 + 10 * 4 + 10 + 6 * 10)))
    let both = try #require(
      rows.first { $0.operation == "linear" && $0.operations == forward.operations * 2 })
    #expect(both.pass == .backward && both.calls == 1)
    #expect(try row("relu", .forward).operations == 0)
    #expect(try row("relu", .backward).calls == 2)
    #expect(try row("the rest", .other).calls == 1)
    #expect(rows.allSatisfy { $0.seconds > 0 })
    #expect(zip(rows, rows.dropFirst()).allSatisfy { $0.seconds >= $1.seconds })
  }

  @Test func countsEachKindOfProduct() throws {
    let tokens = formula([10, 24], 0.1)
    let images = formula([2, 6, 6, 4], 0.2)
    let kernel = formula([3, 3, 4, 8], 0.3)
    let rows = rows {
      let tape = Tape()
      let qkv = tape.variable(tokens)
      let attended = qkv.attention(tokens: 5, heads: 2)
      _ = tape.gradients(of: attended, withRespectTo: [qkv])
      let convolved = tape.variable(images).convolution(Variable(kernel), bias: nil)
      let second = Variable(formula([3, 3, 8, 4], 0.4))
      _ = convolved.convolution(second, bias: Variable(.zeros([4])), then: .reluMaxPool)
    }
    func operations(_ name: String, _ pass: OperationProfile.Pass) -> Double? {
      rows.first { $0.operation == name && $0.pass == pass }?.operations
    }
    // Two products of each of 2 images and 2 heads of width 4, and four on the way back.
    #expect(operations("attention", .forward) == Double(2 * 2 * 2 * 2 * 5 * 5 * 4))
    #expect(operations("attention", .backward) == Double(2 * 4 * 2 * 2 * 5 * 5 * 4))
    #expect(operations("convolution", .forward) == Double(2 * 2 * 4 * 4 * 8 * 36))
    #expect(
      operations("convolution, relu, max-pool", .forward) == Double(2 * 2 * 2 * 2 * 4 * 72))
  }

  @Test func seesNothingUnasked() {
    let profile = OperationProfile()
    let tape = Tape()
    _ = tape.variable(formula([3], 0.1)).relu()
    OperationProfile.end(of: "nothing")
    #expect(profile.rows.isEmpty)
  }
}
