import CSmootKernels
import Foundation
import SmootTestSupport
import Testing

/// Attention kernels against the definition in double precision.
@Suite(.serialized) struct AttentionKernelTests {
  /// Tokens, how many of them are queries, and width: odd ones, whole vectors, one more than whole vectors, a single token.
  static let extents = [
    (65, 65, 64), (64, 64, 16), (17, 17, 12), (5, 5, 6), (100, 100, 8), (1, 1, 8),
    (65, 1, 64), (17, 2, 12), (40, 7, 8),
  ]

  /// Queries, keys, values or their gradients, each [tokens][width].
  private struct Head {
    var query, key, value: [Float]
  }

  /// What a head computes and sends back.
  private struct Outcome {
    var weights, result: [Float]
    var gradients: Head
  }

  @Test(arguments: kernelLevels, extents) func equalsItsDefinition(
    level: String, extents: (Int, Int, Int)
  ) {
    let found = withKernels(level) {
      run(extents, smoot_attention_forward_f32, smoot_attention_backward_f32) { $0 }
    }
    compare(found, definition(extents), relative: 1e-5, "\(extents) \(level)")
  }

  /// The factors of all products are rounded, and a factor that is itself a result may be rounded the other way.
  @Test(arguments: bfloat16Levels, extents) func roundsTheFactorsOfItsProducts(
    level: String, extents: (Int, Int, Int)
  ) {
    let found = withKernels(level) {
      run(
        extents, smoot_attention_forward_bfloat16, smoot_attention_backward_bfloat16
      ) { numbers in
        var rounded = [UInt16](repeating: 0, count: numbers.count)
        smoot_bfloat16_from_f32(numbers.count, numbers, &rounded)
        return rounded
      }
    }
    compare(
      found, definition(extents, rounds: true), relative: 1e-3,
      "\(extents) \(level)")
  }

  private func compare(_ found: Outcome, _ wanted: Outcome, relative: Float, _ name: String) {
    expectClose(found.weights, wanted.weights, relative: relative, "\(name) weights")
    expectClose(found.result, wanted.result, relative: relative, "\(name) result")
    expectClose(
      found.gradients.query, wanted.gradients.query, relative: relative, "\(name) query")
    expectClose(found.gradients.key, wanted.gradients.key, relative: relative, "\(name) key")
    expectClose(
      found.gradients.value, wanted.gradients.value, relative: relative, "\(name) value")
  }

  private func head(_ tokens: Int, _ width: Int) -> Head {
    func numbers(_ phase: Double) -> [Float] {
      (0..<tokens * width).map { Float(sin(Double($0) * Double($0) * 0.37 + phase) * 1.5) }
    }
    return Head(query: numbers(0.1), key: numbers(0.9), value: numbers(2.3))
  }

  private func upstream(_ tokens: Int, _ width: Int) -> [Float] {
    (0..<tokens * width).map { Float(cos(Double($0) * Double($0) * 0.23)) }
  }

  private typealias Forward<Number> = (
    UnsafePointer<smoot_attention_shape>?, UnsafePointer<Number>?, UnsafePointer<Number>?,
    UnsafePointer<Number>?, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?,
    UnsafeMutablePointer<Float>?, UnsafeMutablePointer<Float>?
  ) -> Void
  private typealias Backward<Number> = (
    UnsafePointer<smoot_attention_shape>?, UnsafePointer<Number>?, UnsafePointer<Number>?,
    UnsafePointer<Number>?, UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafePointer<Float>?,
    UnsafeMutablePointer<Float>?, UnsafeMutablePointer<Float>?, UnsafeMutablePointer<Float>?,
    UnsafeMutablePointer<Float>?
  ) -> Void

  private func run<Number>(
    _ extents: (Int, Int, Int), _ forward: Forward<Number>, _ backward: Backward<Number>,
    _ numbers: ([Float]) -> [Number]
  ) -> Outcome {
    let (tokens, queries, width) = extents
    var shape = smoot_attention_shape(
      tokens: tokens, queries: queries, width: width, stride: width, result_stride: width,
      is_shared: 0,
      masking: SMOOT_ATTENTION_UNMASKED)
    let stride = smoot_attention_weight_stride(tokens)
    let (head, upstream) = (head(tokens, width), upstream(queries, width))
    let (query, key, value) = (numbers(head.query), numbers(head.key), numbers(head.value))
    let nothing = [Float](repeating: .nan, count: tokens * width)
    var outcome = Outcome(
      weights: [Float](repeating: .nan, count: queries * stride),
      result: [Float](repeating: .nan, count: queries * width),
      gradients: Head(query: nothing, key: nothing, value: nothing))
    var scratch = [Float](repeating: .nan, count: smoot_attention_scratch(tokens, width))
    forward(
      &shape, query, key, value, nil, &outcome.weights, &outcome.result, &scratch)
    backward(
      &shape, query, key, value, nil, outcome.weights, upstream,
      &outcome.gradients.query, &outcome.gradients.key, &outcome.gradients.value, &scratch)
    return outcome
  }

  private func definition(_ extents: (Int, Int, Int), rounds: Bool = false) -> Outcome {
    let (tokens, queries, width) = extents
    /// A factor of a product.
    func factor(_ number: Float) -> Double {
      guard rounds else { return Double(number) }
      var (number, result) = (number, UInt16(0))
      smoot_bfloat16_from_f32(1, &number, &result)
      return Double(Float(bitPattern: UInt32(result) << 16))
    }
    let (head, upstream) = (head(tokens, width), upstream(queries, width))
    let stride = smoot_attention_weight_stride(tokens)
    let scale = 1 / Double(width).squareRoot()
    var weights = [Double](repeating: 0, count: queries * stride)
    var result = [Double](repeating: 0, count: queries * width)
    let nothing = [Double](repeating: 0, count: tokens * width)
    var (query, key, value) = (nothing, nothing, nothing)
    for i in 0..<queries {
      func dot(_ a: [Float], _ b: [Float], _ j: Int) -> Double {
        (0..<width).reduce(0) { $0 + factor(a[i * width + $1]) * factor(b[j * width + $1]) }
      }
      let scores = (0..<tokens).map { dot(head.query, head.key, $0) * scale }
      let greatest = scores.max() ?? 0
      let powers = scores.map { exp($0 - greatest) }
      let row = powers.map { $0 / powers.reduce(0, +) }
      let slopes = (0..<tokens).map { dot(upstream, head.value, $0) }
      let mean = zip(row, slopes).reduce(0) { $0 + $1.0 * $1.1 }
      for j in 0..<tokens {
        weights[i * stride + j] = row[j]
        let slope = factor(Float(row[j] * (slopes[j] - mean))) * scale
        let share = factor(Float(row[j]))
        for k in 0..<width {
          result[i * width + k] += share * factor(head.value[j * width + k])
          query[i * width + k] += slope * factor(head.key[j * width + k])
          key[j * width + k] += slope * factor(head.query[i * width + k])
          value[j * width + k] += share * factor(upstream[i * width + k])
        }
      }
    }
    return Outcome(
      weights: weights.map(Float.init), result: result.map(Float.init),
      gradients: Head(
        query: query.map(Float.init), key: key.map(Float.init), value: value.map(Float.init)))
  }
}
