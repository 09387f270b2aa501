/// The colours of data series, which readers with any colour vision can tell apart.
///
/// Okabe and Ito, Color Universal Design (2008), without its yellow, which is too light for lines
/// on white.
public enum Palette {
  /// Blue, vermilion, bluish green, reddish purple, orange, sky blue, black.
  public static let series: [RGBAColor] = [
    0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x000000,
  ].map { RGBAColor(hex: $0) }

  /// For controls such as a random order.
  public static let control = RGBAColor(hex: 0x7F7F7F)

  /// The colour of a series by its number; they repeat.
  public static func color(_ index: Int) -> RGBAColor { series[index % series.count] }

  /// Titles and labels.
  static let text = RGBAColor(gray: 0x22)
  /// Subtitles and tick labels.
  static let quietText = RGBAColor(gray: 0x55)
  /// Axes.
  static let axis = RGBAColor(gray: 0x55)
  /// Grid lines.
  static let grid = RGBAColor(gray: 0xE4)
}
