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
    let sums = original.enumerated().map { $0.element + bias[$0.offset % 37] }
    let ones = [Float](repeating: 1, count: sums.count)
    var (slopes, outputs) = (original, original)
    var (expectedSlopes, expected) = (original, original)
    var (rounded, roundedSlopes) = (
      [UInt16](repeating: 0, count: sums.count), [UInt16](repeating: 0, count: sums.count)
    )
    withKernels(level) {
      smoot_bias_gelu_f32(5, 37, bias, &slopes, &outputs)
      smoot_bias_gelu_bfloat16(5, 37, bias, original, &rounded, &roundedSlopes)
      smoot_gelu_forward_f32(sums.count, sums, &expected)
      smoot_gelu_backward_f32(sums.count, sums, ones, &expectedSlopes)
    }
    #expect(outputs == expected)
    #expect(slopes == expectedSlopes)
    #expect(rounded == roundedToBFloat16(expected))
    #expect(roundedSlopes == roundedToBFloat16(expectedSlopes))
  }

  @Test(arguments: kernelLevels) func gradientOfRoundedGELU(level: String) {
    let slopes = (0..<5 * 37).map { sin(Float($0)) * 2 }
    let upstream = (0..<5 * 37).map { cos(Float($0)) }
    let rounded = roundedToBFloat16(slopes)
    let products = zip(rounded, upstream).map { Float(bitPattern: UInt32($0) << 16) * $1 }
    var result = [UInt16](repeating: 0, count: slopes.count)
    var sums = [Float](repeating: 1, count: 37)
    withKernels(level) { smoot_gelu_backward_bfloat16(5, 37, rounded, upstream, &result, &sums) }
    #expect(result == roundedToBFloat16(products))
    for column in 0..<37 {
      let wanted = (0..<5).reduce(Float(1)) { $0 + products[$1 * 37 + column] }
      #expect(abs(sums[column] - wanted) < 1e-6)
    }
  }

  /// The nearest bfloat16 of each number, by the definition: 16 bits are cut off, and a carry added where what is cut off is more than half, or half and the rest odd.
  private func roundedToBFloat16(_ numbers: [Float]) -> [UInt16] {
    numbers.map { number in
      let bits = number.bitPattern
      let (upper, lower) = (UInt16(bits >> 16), bits & 0xffff)
      return lower > 0x8000 || (lower == 0x8000 && upper & 1 == 1) ? upper + 1 : upper
    }
  }
}
