import CSmootKernels
import Foundation
import SmootTestSupport
import Testing

@Suite struct SoftmaxKernelTests {
  /// Row lengths around the number of lanes, and a long one.
  static let lengths = [1, 2, 10, 15, 16, 17, 100, 1000]
  static let rows = 3

  static func logits(_ columns: Int, _ phase: Double) -> [Float] {
    (0..<rows * columns).map { Float(6 * sin(1.7 * Double($0) + phase)) }
  }

  static func logSoftmax(_ row: [Double]) -> [Double] {
    let greatest = row.max() ?? 0
    let rest = log(row.reduce(0) { $0 + exp($1 - greatest) })
    return row.map { $0 - greatest - rest }
  }

  static func split(_ matrix: [Float], _ columns: Int) -> [[Double]] {
    (0..<rows).map { matrix[$0 * columns..<($0 + 1) * columns].map(Double.init) }
  }

  @Test(arguments: kernelLevels, lengths) func rowsAreDistributions(level: String, columns: Int) {
    let x = Self.logits(columns, 0.1)
    let expected = Self.split(x, columns).flatMap(Self.logSoftmax)
    var (probabilities, logarithms) = (x, x)
    withKernels(level) {
      smoot_softmax_forward_f32(Self.rows, columns, x, &probabilities)
      smoot_log_softmax_forward_f32(Self.rows, columns, x, &logarithms)
    }
    for (found, wanted) in zip(probabilities, expected) {
      #expect(abs(Double(found) / exp(wanted) - 1) < 4e-6)
    }
    expectClose(logarithms, expected.map(Float.init), relative: 1e-6, "log-softmax")
  }

  @Test(arguments: kernelLevels, lengths) func backwardOfBothForms(level: String, columns: Int) {
    let (x, dy) = (Self.logits(columns, 0.1), Self.logits(columns, 0.7))
    let (logs, slopes) = (Self.split(x, columns).map(Self.logSoftmax), Self.split(dy, columns))
    var (ofSoftmax, ofLogSoftmax): ([Float], [Float]) = ([], [])
    for (log, slope) in zip(logs, slopes) {
      let p = log.map { exp($0) }
      let (mean, sum) = (zip(p, slope).reduce(0) { $0 + $1.0 * $1.1 }, slope.reduce(0, +))
      ofSoftmax += zip(p, slope).map { Float($0 * ($1 - mean)) }
      ofLogSoftmax += zip(p, slope).map { Float($1 - $0 * sum) }
    }
    let logarithms = logs.flatMap { $0.map(Float.init) }
    let probabilities = logs.flatMap { $0.map { Float(exp($0)) } }
    var (first, second) = (x, x)
    withKernels(level) {
      smoot_softmax_backward_f32(Self.rows, columns, probabilities, dy, &first)
      smoot_log_softmax_backward_f32(Self.rows, columns, logarithms, dy, &second)
    }
    // The parts cancel, wholly where there is one column: errors are those of numbers near 6.
    for index in x.indices {
      #expect(abs(first[index] - ofSoftmax[index]) < 5e-6)
      #expect(abs(second[index] - ofLogSoftmax[index]) < 2e-4)
    }
  }

  @Test(arguments: kernelLevels, [Float(0), 0.1, 1])
  func crossEntropyAndItsSlopes(level: String, smoothing: Float) {
    let (columns, labels) = (10, [Int32(3), 0, 9])
    let x = Self.logits(columns, 0.4)
    var (losses, slopes) = ([Float](repeating: 0, count: Self.rows), x)
    withKernels(level) {
      smoot_cross_entropy_f32(Self.rows, columns, x, labels, smoothing, 0.5, &losses, &slopes)
    }
    for (row, values) in Self.split(x, columns).enumerated() {
      let log = Self.logSoftmax(values)
      let target = (0..<columns).map {
        Double(smoothing) / 10 + ($0 == Int(labels[row]) ? 1 - Double(smoothing) : 0)
      }
      let loss = zip(target, log).reduce(0) { $0 - $1.0 * $1.1 }
      #expect(abs(Double(losses[row]) - loss) < 2e-6 * max(1, loss))
      for column in 0..<columns {
        let slope = 0.5 * (exp(log[column]) - target[column])
        #expect(abs(Double(slopes[row * columns + column]) - slope) < 2e-7)
      }
    }
  }

  @Test(arguments: kernelLevels, [0, 1, 2]) func divergenceAndItsSlopes(level: String, kind: Int) {
    func divergence(_ zp: [Double], _ zq: [Double]) -> Double {
      let (p, q) = (Self.logSoftmax(zp), Self.logSoftmax(zq))
      func from(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { $0 + exp($1.0) * ($1.0 - $1.1) }
      }
      let middle = zip(p, q).map { log((exp($0) + exp($1)) / 2) }
      return [from(p, q), from(q, p), (from(p, middle) + from(q, middle)) / 2][kind]
    }
    for columns in [2, 10, 19] {
      let (zp, zq) = (Self.logits(columns, 0.2), Self.logits(columns, 0.9))
      var (values, dp, dq) = ([Float](repeating: 0, count: Self.rows), zp, zq)
      withKernels(level) {
        smoot_divergence_f32(
          smoot_divergence(rawValue: numericCast(kind)), Self.rows, columns, zp, zq, 1, &values,
          &dp, &dq)
      }
      for (row, (p, q)) in zip(Self.split(zp, columns), Self.split(zq, columns)).enumerated() {
        #expect(abs(Double(values[row]) - divergence(p, q)) < 1e-5)
        for column in 0..<columns {
          let index = row * columns + column
          func slope(_ first: Bool) -> Double {
            func moved(_ step: Double) -> Double {
              var (p, q) = (p, q)
              if first { p[column] += step } else { q[column] += step }
              return divergence(p, q)
            }
            return (moved(1e-5) - moved(-1e-5)) / 2e-5
          }
          #expect(abs(Double(dp[index]) - slope(true)) < 1e-5)
          #expect(abs(Double(dq[index]) - slope(false)) < 1e-5)
        }
      }
    }
  }
}
