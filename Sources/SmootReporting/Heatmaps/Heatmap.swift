/// An attribution map as a picture, with the scale that was used.
public struct Heatmap: Equatable, Sendable {
  /// One pixel for each number.
  public let image: RGBAImage
  /// How numbers became colours.
  public let scale: HeatmapScale
  /// What to write on the picture if this map has nothing to show; nil if there is something to
  /// see.
  public let note: String?
}
