/// How values between pixels are found when an image is resized; pixel i covers i to i + 1 (half-pixel centres, PyTorch's `align_corners=False`).
public enum Interpolation: String, Sendable, Codable, CaseIterable {
  /// On a straight line between the two nearest pixels.
  case bilinear
  /// On a cubic through the four nearest pixels (Keys, Cubic Convolution Interpolation, 1981).
  case bicubic

  /// The matrix that resizes one axis: each row holds the shares of the old pixels in a new one.
  ///
  /// The numbers are those of PyTorch's `interpolate`. Without antialiasing the cubic has a = -0.75 and pixels beyond the edge repeat it; with antialiasing the cubic has
  /// a = -0.5, pixels beyond the edge do not count, and the kernel is as wide as a new pixel where the image shrinks.
  ///
  /// - Parameters:
  ///   - from: how many pixels there are.
  ///   - to: how many there shall be.
  ///   - antialias: whether all old pixels that a new one covers take part.
  /// - Returns: [to, from]; each row adds up to 1.
  public func matrix(from: Int, to: Int, antialias: Bool) -> Tensor {
    precondition(from > 0 && to > 0, "\(from) pixels cannot become \(to)")
    let scale = Double(from) / Double(to)
    var values = [Float](repeating: 0, count: to * from)
    for row in 0..<to {
      if antialias {
        let taps = antialiasedTaps(at: row, from: from, to: to)
        for (offset, weight) in taps.weights.enumerated() {
          values[row * from + taps.first + offset] = weight
        }
      } else {
        for (column, weight) in taps(at: scale * (Double(row) + 0.5) - 0.5, from) {
          values[row * from + column] += Float(weight)
        }
      }
    }
    return Tensor(values, shape: [to, from])
  }

  private func taps(at place: Double, _ count: Int) -> [(Int, Double)] {
    let first = Int(place.rounded(.down))
    let reach = self == .bilinear ? 0...1 : -1...2
    return reach.map { offset in
      (
        min(max(first + offset, 0), count - 1),
        weight(Double(first + offset) - place, sharpness: -0.75)
      )
    }
  }

  /// The shares of old pixels in a new one, with antialiasing.
  ///
  /// - Parameters:
  ///   - index: the new pixel.
  ///   - from: how many pixels there are.
  ///   - to: how many there shall be.
  /// - Returns: the first old pixel that takes part, and the shares of it and its successors, which add up to 1.
  package func antialiasedTaps(
    at index: Int, from: Int, to: Int
  ) -> (first: Int, weights: [Float]) {
    let scale = Double(from) / Double(to)
    let centre = scale * (Double(index) + 0.5)
    let width = max(1, scale)
    let support = (self == .bilinear ? 1 : 2) * width
    let first = max(0, Int(centre - support + 0.5))
    let last = min(from, Int(centre + support + 0.5))
    let weights = (first..<last).map {
      weight((Double($0) - centre + 0.5) / width, sharpness: -0.5)
    }
    let sum = weights.reduce(0, +)
    return (first, weights.map { Float($0 / sum) })
  }

  /// The share of a pixel at a distance.
  private func weight(_ distance: Double, sharpness a: Double) -> Double {
    let x = abs(distance)
    switch self {
    case .bilinear: return max(0, 1 - x)
    case .bicubic:
      if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
      return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0
    }
  }
}
