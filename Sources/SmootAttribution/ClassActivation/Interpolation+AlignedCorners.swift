import SmootTensor

extension Interpolation {
  /// The matrix that resizes one axis on straight lines between pixels.
  ///
  /// - Parameters:
  ///   - from: how many pixels there are.
  ///   - to: how many there shall be.
  ///   - alignsCorners: whether the centres of the first and last pixels stay where they are (PyTorch's `align_corners=True`); else pixel i covers i to i + 1.
  /// - Returns: [to, from].
  static func linearMatrix(from: Int, to: Int, alignsCorners: Bool) -> Tensor {
    guard alignsCorners else {
      return Interpolation.bilinear.matrix(from: from, to: to, antialias: false)
    }
    var values = [Float](repeating: 0, count: to * from)
    for row in 0..<to {
      let place = to > 1 ? Double(row) * Double(from - 1) / Double(to - 1) : 0
      let first = min(Int(place), from - 1)
      let share = Float(place - Double(first))
      values[row * from + first] += 1 - share
      values[row * from + min(first + 1, from - 1)] += share
    }
    return Tensor(values, shape: [to, from])
  }
}
