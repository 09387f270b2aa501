import Foundation

/// Where the path from a baseline to an image is sampled, and with which weights.
///
/// The numbers are Captum's.
public enum PathQuadrature: String, Sendable, Codable, CaseIterable {
  /// Gauss and Legendre's points: exact for polynomials up to degree 2 n - 1.
  case gaussLegendre = "gauss-legendre"
  /// The beginning of each of n equal parts.
  case left = "riemann-left"
  /// The end of each part.
  case right = "riemann-right"
  /// The middle of each part.
  case middle = "riemann-middle"
  /// Captum's trapezoids: n points from 0 to 1 with steps of 1 / n whose ends count half, so that the weights add up to (n - 1) / n only.
  case trapezoid = "riemann-trapezoid"

  /// The places in [0, 1], and the weights.
  ///
  /// - Precondition: there is at least one point, for ``trapezoid`` at least two.
  func points(_ count: Int) -> (places: [Float], weights: [Float]) {
    let n = Double(count)
    func even(from first: Double, to last: Double) -> [Float] {
      (0..<count).map {
        Float(count > 1 ? first + (last - first) * Double($0) / (n - 1) : first)
      }
    }
    var weights = [Float](repeating: Float(1 / n), count: count)
    switch self {
    case .left: return (even(from: 0, to: 1 - 1 / n), weights)
    case .right: return (even(from: 1 / n, to: 1), weights)
    case .middle: return (even(from: 0.5 / n, to: 1 - 0.5 / n), weights)
    case .trapezoid:
      precondition(count > 1, "a trapezoid has two ends")
      weights[0] /= 2
      weights[count - 1] /= 2
      return (even(from: 0, to: 1), weights)
    case .gaussLegendre:
      let nodes = Self.legendreNodes(count)
      return (nodes.map { Float((1 + $0.place) / 2) }, nodes.map { Float($0.weight / 2) })
    }
  }

  /// The zeros of the Legendre polynomial in ascending order, by Newton's method, and the weights of the quadrature on [-1, 1].
  private static func legendreNodes(_ count: Int) -> [(place: Double, weight: Double)] {
    (0..<count).map { index in
      var x = -cos(Double.pi * (Double(index) + 0.75) / (Double(count) + 0.5))
      var slope = 0.0
      for _ in 0..<100 {
        var (value, before) = (1.0, 0.0)
        for degree in 1...count {
          let k = Double(degree)
          (value, before) = (((2 * k - 1) * x * value - (k - 1) * before) / k, value)
        }
        slope = Double(count) * (x * value - before) / (x * x - 1)
        let step = value / slope
        x -= step
        if abs(step) < 1e-15 { break }
      }
      return (x, 2 / ((1 - x * x) * slope * slope))
    }
  }
}
