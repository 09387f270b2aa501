import Foundation
import SmootTensor

extension Tensor {
  /// Images seen through a Gaussian window; beyond the edges they are mirrored, the edge itself not repeated.
  ///
  /// - Parameters:
  ///   - size: the window's extents; odd.
  ///   - standardDeviation: in pixels.
  /// - Precondition: this is [batch, channels, height, width].
  func blurred(size: Int, standardDeviation: Double) -> Tensor {
    func matrix(_ count: Int) -> Tensor {
      let reach = size / 2
      let weights = (-reach...reach).map {
        exp(-Double($0 * $0) / (2 * standardDeviation * standardDeviation))
      }
      let sum = weights.reduce(0, +)
      var values = [Float](repeating: 0, count: count * count)
      for row in 0..<count {
        for (index, weight) in weights.enumerated() {
          let column = Self.mirrored(row + index - reach, count)
          values[row * count + column] += Float(weight / sum)
        }
      }
      return Tensor(values, shape: [count, count])
    }
    return resampled(rows: matrix(shape[2]), columns: matrix(shape[3]))
  }

  /// A place in 0..<count for one that may lie beyond its ends.
  private static func mirrored(_ place: Int, _ count: Int) -> Int {
    guard count > 1 else { return 0 }
    let period = 2 * (count - 1)
    let rest = ((place % period) + period) % period
    return rest < count ? rest : period - rest
  }
}
