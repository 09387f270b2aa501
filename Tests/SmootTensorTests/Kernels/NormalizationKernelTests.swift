import CSmootKernels
import Foundation
import SmootTestSupport
import Testing

@Suite struct NormalizationKernelTests {
  static let shapes = [[1, 4], [3, 5], [7, 16], [9, 33], [20, 192]]

  static func values(_ count: Int, _ phase: Double, _ scale: Double = 1) -> [Float] {
    (0..<count).map { Float(scale * sin(1.3 * Double($0) + phase)) }
  }

  /// (x - mean) / sqrt(variance + 1e-5) of some numbers.
  static func normalized(_ x: [Double]) -> [Double] {
    let mean = x.reduce(0, +) / Double(x.count)
    let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)
    return x.map { ($0 - mean) / (variance + 1e-5).squareRoot() }
  }

  /// The gradient of sum dy normalized(x), by differences.
  static func slope(_ x: [Double], _ dy: [Double]) -> [Double] {
    x.indices.map { index in
      func moved(_ step: Double) -> Double {
        var x = x
        x[index] += step
        return zip(normalized(x), dy).reduce(0) { $0 + $1.0 * $1.1 }
      }
      return (moved(1e-5) - moved(-1e-5)) / 2e-5
    }
  }

  @Test(arguments: kernelLevels, shapes) func layerNorm(level: String, shape: [Int]) {
    let (rows, columns) = (shape[0], shape[1])
    let x = Self.values(rows * columns, 0.2, 3).map { $0 + 20 }
    let dy = Self.values(rows * columns, 0.9)
    let (scale, shift) = (Self.values(columns, 0.5), Self.values(columns, 1.5))
    var (y, dx, more) = (x, x, x)
    var (means, inverses) = ([Float](repeating: 0, count: rows), [Float](repeating: 0, count: rows))
    var (dscale, dshift) = (
      [Float](repeating: 0, count: columns), [Float](repeating: 0, count: columns)
    )
    withKernels(level) {
      smoot_layer_norm_forward_f32(rows, columns, x, scale, shift, 1e-5, &y, &means, &inverses)
      smoot_layer_norm_backward_f32(
        rows, columns, x, scale, means, inverses, dy, nil, &dx, &dscale, &dshift)
      smoot_layer_norm_backward_f32(
        rows, columns, x, scale, means, inverses, dy, x, &more, nil, nil)
    }
    #expect(more == zip(dx, x).map { $0 + $1 })
    var (expected, slopes): ([Float], [Float]) = ([], [])
    var (ofScale, ofShift) = (
      [Double](repeating: 0, count: columns), [Double](repeating: 0, count: columns)
    )
    for row in 0..<rows {
      let range = row * columns..<(row + 1) * columns
      let inputs = x[range].map(Double.init)
      let normalized = Self.normalized(inputs)
      let upstream = dy[range].map(Double.init)
      for column in 0..<columns {
        expected.append(Float(normalized[column] * Double(scale[column]) + Double(shift[column])))
        ofScale[column] += upstream[column] * normalized[column]
        ofShift[column] += upstream[column]
      }
      slopes += Self.slope(inputs, zip(upstream, scale).map { $0 * Double($1) }).map(Float.init)
    }
    expectClose(y, expected, relative: 2e-6, "y")
    expectClose(dx, slopes, relative: 2e-5, "dx")
    expectClose(dscale, ofScale.map(Float.init), relative: 2e-6, "scale")
    expectClose(dshift, ofShift.map(Float.init), relative: 2e-6, "shift")
  }
}
