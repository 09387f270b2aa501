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

  /// More numbers than are rounded at a time.
  @Test(arguments: kernelLevels) func geluWithItsSlope(level: String) {
    let inputs = (0..<1100).map { sin(Float($0)) * 3 }
    let ones = [Float](repeating: 1, count: inputs.count)
    var (slopes, outputs, expectedSlopes, expected) = (inputs, inputs, inputs, inputs)
    var rounded = [UInt16](repeating: 0, count: inputs.count)
    var roundedSlopes = rounded
    withKernels(level) {
      slopes.withUnsafeMutableBufferPointer { slopes in
        // In the place of the inputs.
        smoot_gelu_with_slope_f32(
          inputs.count, slopes.baseAddress, &outputs, slopes.baseAddress)
      }
      smoot_gelu_with_slope_bfloat16(inputs.count, inputs, &rounded, &roundedSlopes)
      smoot_gelu_forward_f32(inputs.count, inputs, &expected)
      smoot_gelu_backward_f32(inputs.count, inputs, ones, &expectedSlopes)
    }
    #expect(outputs == expected)
    #expect(slopes == expectedSlopes)
    #expect(rounded == roundedToBFloat16(expected))
    #expect(roundedSlopes == roundedToBFloat16(expectedSlopes))
  }

  @Test(arguments: kernelLevels, [37, 600]) func gradientBySlopes(level: String, columns: Int) {
    let slopes = (0..<5 * columns).map { sin(Float($0)) * 2 }
    let upstream = (0..<5 * columns).map { cos(Float($0)) }
    let rounded = roundedToBFloat16(slopes)
    let products = zip(rounded, upstream).map { Float(bitPattern: UInt32($0) << 16) * $1 }
    var (result, exact) = ([UInt16](repeating: 0, count: slopes.count), slopes)
    var sums = [Float](repeating: 1, count: columns)
    var exactSums = sums
    withKernels(level) {
      smoot_slope_backward_bfloat16(5, columns, rounded, upstream, &result, &sums)
      smoot_slope_backward_f32(5, columns, slopes, upstream, &exact, &exactSums)
    }
    #expect(result == roundedToBFloat16(products))
    #expect(exact == zip(slopes, upstream).map { $0 * $1 })
    for column in 0..<columns {
      let wanted = (0..<5).reduce(Float(1)) { $0 + products[$1 * columns + column] }
      #expect(abs(sums[column] - wanted) < 1e-6)
      let exactly = (0..<5).reduce(Float(1)) { $0 + exact[$1 * columns + column] }
      #expect(abs(exactSums[column] - exactly) < 1e-6)
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
