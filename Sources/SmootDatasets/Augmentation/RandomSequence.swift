import Foundation
import SmootTensor

/// The random numbers of one change of one image, one after the other.
struct RandomSequence {
  private let key: RandomKey
  private var index: UInt64 = 0

  init(_ key: RandomKey) { self.key = key }

  /// A number in [0, 1).
  mutating func uniform() -> Float {
    defer { index += 1 }
    return key.uniform(at: index)
  }

  /// A number between two others.
  mutating func uniform(in range: ClosedRange<Float>) -> Float {
    range.lowerBound + uniform() * (range.upperBound - range.lowerBound)
  }

  /// An integer in `0..<bound`.
  mutating func integer(below bound: Int) -> Int {
    defer { index += 1 }
    return key.derived("integer").integer(below: bound, at: index)
  }

  /// A standard normal number.
  mutating func normal() -> Double {
    defer { index += 1 }
    return Double(key.derived("normal").normal(at: index))
  }

  /// A number in (0, 1) of the symmetric beta distribution, as the share of one of two gamma variables in their sum.
  mutating func beta(_ alpha: Double) -> Double {
    let (a, b) = (logGamma(alpha), logGamma(alpha))
    return 1 / (1 + exp(b - a))
  }

  /// The logarithm of a gamma variable of a shape and scale 1 (Marsaglia and Tsang, 2000); in logarithms, because small shapes underflow.
  private mutating func logGamma(_ shape: Double) -> Double {
    if shape < 1 { return logGamma(shape + 1) + log(max(1e-12, Double(uniform()))) / shape }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let v = pow(1 + c * x, 3)
      guard v > 0 else { continue }
      let u = max(1e-12, Double(uniform()))
      if log(u) < 0.5 * x * x + d - d * v + d * log(v) { return log(d * v) }
    }
  }
}
