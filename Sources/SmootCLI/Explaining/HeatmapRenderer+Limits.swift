import Smoot

extension HeatmapRenderer {
  /// A map divided by the magnitude from which on it has the strongest colour.
  ///
  /// The gradient of a confident prediction is small everywhere; on a scale of its own each map still shows where it is largest.
  func inUnitsOfItsLimit(_ values: [Float]) -> [Float] {
    values.inUnits(of: Float(scale(of: [values]).limit))
  }
}

extension [Float] {
  /// The numbers divided by a limit, or as they are where it is 0: a map with nothing to show.
  func inUnits(of limit: Float) -> [Float] { limit > 0 ? map { $0 / limit } : self }
}
