import CSmootKernels
import Foundation
import SmootTestSupport
import Testing

/// A kernel of one array, and what it computes.
struct ElementFunction: Sendable, CustomTestStringConvertible {
  let name: String
  let kernel: @Sendable (Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  let reference: @Sendable (Double) -> Double
  /// The largest relative error.
  let tolerance: Double
  var testDescription: String { name }
}

@Suite struct ActivationKernelTests {
  static let functions = [
    ElementFunction(name: "exp", kernel: smoot_exp_f32, reference: { exp($0) }, tolerance: 9e-8),
    ElementFunction(name: "log", kernel: smoot_log_f32, reference: { log($0) }, tolerance: 9e-8),
    ElementFunction(
      name: "tanh", kernel: smoot_tanh_forward_f32, reference: { tanh($0) }, tolerance: 1.5e-7),
    ElementFunction(
      name: "sigmoid", kernel: smoot_sigmoid_forward_f32, reference: { 1 / (1 + exp(-$0)) },
      tolerance: 1.8e-7),
    ElementFunction(
      name: "gelu", kernel: smoot_gelu_forward_f32,
      reference: { 0.5 * $0 * erfc(-$0 * 0.5.squareRoot()) }, tolerance: 4e-7),
  ]

  /// Every float whose bits are a multiple of 9973, where the result is neither infinite nor next to subnormal.
  @Test(arguments: kernelLevels, functions)
  func isCloseOverAllFloats(level: String, function: ElementFunction) {
    let inputs = stride(from: UInt32(0), through: .max - 9973, by: 9973).map(
      Float.init(bitPattern:))
    var outputs = [Float](repeating: 0, count: inputs.count)
    withKernels(level) { function.kernel(inputs.count, inputs, &outputs) }
    for (input, output) in zip(inputs, outputs) {
      let expected = function.reference(Double(input))
      if expected.isNaN || Float(expected).isInfinite {
        #expect(
          output.isNaN && expected.isNaN || output == Float(expected), "\(function.name)(\(input))")
      } else if abs(expected) > 1e-35 {
        let error = abs(Double(output) - expected) / abs(expected)
        if error > function.tolerance {
          Issue.record("\(function.name)(\(input)) is \(output), not \(expected)")
          return
        }
      }
    }
  }

  @Test(arguments: kernelLevels) func slopesAreThoseOfDifferences(level: String) {
    let inputs = (-120...120).map { Float($0) / 10 }
    let ones = [Float](repeating: 1, count: inputs.count)
    func slopes(
      _ kernel: (Int, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) ->
        Void,
      _ at: [Float]
    ) -> [Float] {
      var result = ones
      withKernels(level) { kernel(at.count, at, ones, &result) }
      return result
    }
    func differences(_ function: (Double) -> Double) -> [Float] {
      inputs.map { Float((function(Double($0) + 1e-5) - function(Double($0) - 1e-5)) / 2e-5) }
    }
    expectClose(
      slopes(smoot_gelu_backward_f32, inputs),
      differences { 0.5 * $0 * erfc(-$0 * 0.5.squareRoot()) }, relative: 1e-6, "gelu")
    expectClose(
      slopes(smoot_tanh_backward_f32, inputs.map { tanh($0) }), differences { tanh($0) },
      relative: 1e-6, "tanh")
    expectClose(
      slopes(smoot_sigmoid_backward_f32, inputs.map { 1 / (1 + exp(-$0)) }),
      differences { 1 / (1 + exp(-$0)) }, relative: 1e-6, "sigmoid")
  }

  @Test(arguments: kernelLevels) func biasIsAddedBeforeGELU(level: String) {
    let bias = (0..<37).map { Float($0) * 0.05 - 1 }
    let original = (0..<5 * 37).map { sin(Float($0)) * 2 }
    var (sums, outputs) = (original, original)
    var expected = original
    withKernels(level) {
      smoot_bias_gelu_f32(5, 37, bias, &sums, &outputs)
      smoot_gelu_forward_f32(sums.count, sums, &expected)
    }
    #expect(sums == original.enumerated().map { $0.element + bias[$0.offset % 37] })
    #expect(outputs == expected)
  }
}
