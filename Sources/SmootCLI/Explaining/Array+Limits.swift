extension [Float] {
  /// The numbers from 0 at the lower limit to 1 at the upper one; as they are above the lower one where both are the same: a map with nothing to show.
  ///
  /// The gradient of a confident prediction is small everywhere; between limits of its own each map still shows where it is largest.
  func inUnits(of limits: ClosedRange<Float>) -> [Float] {
    let (start, width) = (limits.lowerBound, limits.upperBound - limits.lowerBound)
    return map { width > 0 ? ($0 - start) / width : $0 - start }
  }
}
