import SmootAutodiff
import SmootTensor
import Testing

@Suite struct TapeTests {
  @Test func differentiatesOneForwardPassSeveralTimes() {
    let tape = Tape()
    let x = tape.variable(Tensor([2, 3], shape: [2]))
    let y = x * x
    #expect(tape.gradients(of: y, withRespectTo: [x])[0].scalars == [4, 6])
    let seed = Tensor([1, 0], shape: [2])
    #expect(tape.gradients(of: y, seed: seed, withRespectTo: [x])[0].scalars == [4, 0])
    #expect(tape.gradients(of: y, withRespectTo: [x])[0].scalars == [4, 6])
  }

  @Test func addsWhatComesOverSeveralWays() {
    let tape = Tape()
    let x = tape.variable(Tensor([2], shape: [1]))
    #expect(tape.gradients(of: x * x + x * 3, withRespectTo: [x])[0].scalars == [7])
  }

  @Test func stopsAtConstants() {
    let tape = Tape()
    let x = tape.variable(Tensor([2], shape: [1]))
    #expect(tape.gradients(of: x * x.detached, withRespectTo: [x])[0].scalars == [2])
  }

  @Test func givesZerosWithoutAConnection() {
    let tape = Tape()
    let x = tape.variable(Tensor([2], shape: [1]))
    let other = tape.variable(Tensor([1, 1], shape: [2]))
    #expect(tape.gradients(of: x * x, withRespectTo: [other])[0].scalars == [0, 0])
  }

  @Test func recordsNothingForConstants() {
    let product = Variable(Tensor(2)) * Variable(Tensor(3))
    #expect(product.tape == nil)
    #expect(product.value.scalar == 6)
  }

  @Test func knowsAParameterOnce() {
    let tape = Tape()
    let parameter = Parameter(name: "w", value: Tensor([3], shape: [1]))
    let y = tape.variable(for: parameter) * tape.variable(for: parameter)
    #expect(
      tape.gradients(of: y, withRespectTo: [tape.variable(for: parameter)])[0].scalars == [6])
  }

  @Test func goesAwayWithItsLastVariable() {
    weak var weakTape: Tape?
    do {
      let tape = Tape()
      weakTape = tape
      let parameter = Parameter(name: "w", value: Tensor([3], shape: [1]))
      _ = tape.variable(for: parameter) * tape.variable(for: parameter)
    }
    #expect(weakTape == nil)
  }

  @Test func replacesAGradient() {
    let tape = Tape()
    let x = tape.variable(Tensor([-1, 2], shape: [2]))
    let y = x.relu()
    let gradients = tape.gradients(of: y, withRespectTo: [x]) { step in
      step.operation.name == "relu" ? [step.gradient * 10] : nil
    }
    #expect(gradients[0].scalars == [10, 10])
    #expect(tape.gradients(of: y, withRespectTo: [x])[0].scalars == [0, 1])
  }

  @Test func showsRulesWhatWentInAndCameOut() {
    let tape = Tape(keepsValues: true)
    let x = tape.variable(Tensor([-1, 2], shape: [2]))
    let y = (x * Variable(Tensor([3, 4], shape: [2]))).relu()
    var seen: [String] = []
    let gradients = tape.gradients(of: y, withRespectTo: [x]) { step in
      seen.append(
        "\(step.operation.name) \(step.inputs.map(\.scalars)) \(step.output.scalars) \(step.needs)")
      return nil
    }
    #expect(
      seen == [
        "relu [[-3.0, 8.0]] [0.0, 8.0] [true]",
        "multiply [[-1.0, 2.0], [3.0, 4.0]] [-3.0, 8.0] [true, false]",
      ])
    #expect(gradients[0].scalars == [0, 4])
  }

  private struct Refusal: Error, Equatable {
    let operation: String
  }

  @Test func passesOnWhatARuleThrows() {
    let tape = Tape()
    let x = tape.variable(Tensor([-1, 2], shape: [2]))
    #expect(throws: Refusal(operation: "tanh")) {
      try tape.gradients(of: x.tanh().relu(), withRespectTo: [x]) {
        (step) throws(Refusal) -> [Tensor?]? in
        guard step.operation.name == "relu" else { throw Refusal(operation: step.operation.name) }
        return nil
      }
    }
  }

  @Test func drawsTheSameDropoutAgain() {
    let tape = Tape()
    let x = tape.variable(Tensor(repeating: 1, shape: [1000]))
    let key = RandomKey(seed: 5).derived("dropout")
    let y = x.dropout(rate: 0.25, key: key)
    let kept = y.value.scalars
    #expect(kept.allSatisfy { $0 == 0 || abs($0 - 4 / 3) < 1e-6 })
    #expect(abs(kept.count { $0 == 0 } - 250) < 60)
    #expect(tape.gradients(of: y, withRespectTo: [x])[0].scalars == kept)
    for index in [0, 1, 500, 999] {
      #expect((kept[index] == 0) == (key.uniform(at: UInt64(index)) < 0.25))
    }
  }
}
