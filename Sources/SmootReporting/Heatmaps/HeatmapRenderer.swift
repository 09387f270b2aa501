/// Turns attribution maps into pictures.
public struct HeatmapRenderer: Sendable {
  /// How an overlay lets the image show through.
  public enum Blending: String, Codable, CaseIterable, Sendable {
    /// The same opacity everywhere.
    case uniform
    /// Opacity grows with the magnitude, so that the image stays visible where the map is zero.
    case weighted
  }

  /// Which part of a number is shown.
  public var sign: HeatmapScale.Sign
  /// The percentile of the magnitudes with the strongest colour, 0 to 100.
  public var percentile: Double
  /// The colours; by default diverging if signed, else sequential.
  public var colorMap: ColorMap
  /// The colour of NaN and infinite numbers, which is in none of the project's maps.
  public var notFiniteColor = RGBAColor(hex: 0x00E5A8)

  /// Makes a renderer with the usual colours.
  public init(sign: HeatmapScale.Sign = .signed, percentile: Double = 99) {
    self.sign = sign
    self.percentile = percentile
    colorMap = sign == .signed ? .diverging : .sequential
  }

  /// The scale that maps share; give all maps that are to be compared.
  public func scale(of maps: [[Float]]) -> HeatmapScale {
    HeatmapScale(of: maps, sign: sign, percentile: percentile)
  }

  /// The picture of a map.
  ///
  /// - Parameters:
  ///   - values: [height, width], row-major.
  ///   - height: rows.
  ///   - width: numbers in a row.
  ///   - scale: the scale; by default the map's own.
  public func render(
    _ values: [Float], height: Int, width: Int, scale: HeatmapScale? = nil
  ) -> Heatmap {
    render(values, height: height, width: width, scale: scale) { _, color, _ in color }
  }

  /// A map over the image that it explains.
  ///
  /// - Parameters:
  ///   - values: [height, width], row-major; as large as the image.
  ///   - image: the image.
  ///   - scale: the scale; by default the map's own.
  ///   - opacity: the map's at its strongest colour, in [0, 1], by default 0.6 if uniform and 0.9
  ///     if weighted. The mark of what is
  ///     not finite is opaque.
  ///   - blending: how opacity depends on the numbers.
  public func overlay(
    _ values: [Float], on image: RGBAImage, scale: HeatmapScale? = nil, opacity: Double? = nil,
    blending: Blending = .uniform
  ) -> Heatmap {
    let opacity = opacity ?? (blending == .uniform ? 0.6 : 0.9)
    return render(values, height: image.height, width: image.width, scale: scale) {
      index, color, strength in
      let weight = blending == .uniform ? opacity : opacity * strength
      let background = image[index % image.width, index / image.width]
      return color.over(background, coverage: min(max(weight, 0), 1))
    }
  }

  /// Colours each number, then lets `finish` have the pixel's index, its colour and the number's
  /// share of the limit.
  private func render(
    _ values: [Float], height: Int, width: Int, scale: HeatmapScale?,
    finish: (Int, RGBAColor, Double) -> RGBAColor
  ) -> Heatmap {
    precondition(
      values.count == height * width, "\(values.count) values are not [\(height), \(width)]")
    let own = self.scale(of: [values])
    let used = scale ?? own
    var image = RGBAImage(width: width, height: height)
    for (index, value) in values.enumerated() {
      let x = index % width
      let y = index / width
      if value.isFinite {
        let place = used.place(of: value)
        let strength = used.sign == .signed ? abs(2 * place - 1) : place
        image[x, y] = finish(index, colorMap.color(at: place), strength)
      } else {
        image[x, y] = notFiniteColor
      }
    }
    return Heatmap(image: image, scale: used, note: own.note)
  }
}
