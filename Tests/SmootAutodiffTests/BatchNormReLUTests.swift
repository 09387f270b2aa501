import SmootAutodiff
import SmootTensor
import SmootTestSupport
import Testing

/// A normalization in one pass with what follows it must give what the parts give one after the other, in both modes and on the way back.
@Suite(.serialized) struct BatchNormReLUTests {
  private let shape: Shape = [3, 5, 7, 20]

  private func run(_ function: ([Variable]) -> Variable) -> [Tensor] {
    let inputs = [
      formula(shape, 0.1), formula([20], 0.2) + Tensor(1), formula([20], 0.3), formula(shape, 0.4),
    ]
    let tape = Tape()
    let variables = inputs.map(tape.variable)
    let output = function(variables)
    return [output.value]
      + tape.gradients(of: output, seed: formula(shape, 0.9), withRespectTo: variables)
  }

  private func norm(
    _ x: [Variable], isTraining: Bool, then epilogue: NormalizationEpilogue = .none
  ) -> Variable {
    guard !isTraining else {
      return x[0].batchNorm(scale: x[1], shift: x[2], epsilon: 1e-5, then: epilogue).output
    }
    return x[0].batchNorm(
      scale: x[1], shift: x[2], mean: formula([20], 0.5), variance: formula([20], 0.6) + Tensor(2),
      epsilon: 1e-5, then: epilogue)
  }

  @Test(arguments: kernelLevels, [true, false])
  func equalsItsParts(_ level: String, _ isTraining: Bool) {
    withKernels(level) {
      let pairs = [
        (
          run { norm($0, isTraining: isTraining, then: .relu) },
          run { norm($0, isTraining: isTraining).relu() }
        ),
        (
          run { norm($0, isTraining: isTraining, then: .addThenReLU($0[3])) },
          run { (norm($0, isTraining: isTraining) + $0[3]).relu() }
        ),
      ]
      for (fused, parts) in pairs {
        #expect(parts[0].scalars.contains(0) && parts[0].scalars.contains { $0 > 0 })
        for (index, (one, other)) in zip(fused, parts).enumerated() {
          expectClose(one, other, relative: 1e-6, "\(level) \(index)")
        }
      }
    }
  }

  /// What is added may be a constant, and the normalized images too.
  @Test func leavesConstantsAlone() {
    let tape = Tape()
    let shortcut = tape.variable(formula(shape, 0.4))
    let x = [formula(shape, 0.1), formula([20], 0.2), formula([20], 0.3)].map { Variable($0) }
    let output = norm(x, isTraining: true, then: .addThenReLU(shortcut))
    let gradient = tape.gradients(of: output, withRespectTo: [shortcut])[0]
    #expect(gradient.scalars == output.value.scalars.map { $0 > 0 ? 1 : 0 })
  }

  @Test(arguments: kernelLevels) func letsNaNThrough(_ level: String) {
    var values = formula(shape, 0.1)
    values.withUnsafeMutableElements { $0[20] = .nan }
    let parameters = [formula([20], 0.2), formula([20], 0.3)].map { Variable($0) }
    withKernels(level) {
      let output = norm(
        [Variable(values)] + parameters, isTraining: false, then: .relu
      ).value.scalars
      #expect(output[20].isNaN && !output[21].isNaN)
    }
  }
}
