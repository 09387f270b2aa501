package import SmootTensor

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

  /// The matrix that resizes one axis on straight lines between pixel centres, beyond the edge towards the pixel that a mirror at the last centre shows.
  ///
  /// This is what scikit-image's `resize` does with order 1 and mode `reflect`.
  ///
  /// - Parameters:
  ///   - from: how many pixels there are.
  ///   - to: how many there shall be; at least as many.
  /// - Returns: [to, from].
  package static func mirroredMatrix(from: Int, to: Int) -> Tensor {
    var values = [Float](repeating: 0, count: to * from)
    for row in 0..<to {
      let place = Double(from) / Double(to) * (Double(row) + 0.5) - 0.5
      let first = Int(place.rounded(.down))
      for (column, share) in [
        (first, 1 - (place - Double(first))), (first + 1, place - Double(first)),
      ] {
        let mirrored = column < 0 ? -column : column < from ? column : 2 * (from - 1) - column
        values[row * from + min(max(mirrored, 0), from - 1)] += Float(share)
      }
    }
    return Tensor(values, shape: [to, from])
  }
}
