public import SmootAttribution
public import SmootTensor

/// Which form of a map a measure takes.
public enum MapValues: String, Sendable, Codable, CaseIterable {
  /// The values as they are: what counts against the class ranks lowest.
  case signed
  /// The magnitudes: what counts against the class is as important as what counts for it.
  case abs
  /// Negative values become 0.
  case positive

  /// One number for each pixel.
  ///
  /// - Parameters:
  ///   - maps: [batch, pixels], or [batch, channels, height, width].
  ///   - channels: how several channels become one number; with ``signed`` and ``positive`` the mean keeps its sign, so that ``ChannelReduction/absThenMean`` means the plain
  ///     mean there.
  /// - Returns: [batch, pixels].
  public func ofPixels(_ maps: Tensor, _ channels: ChannelReduction = .absThenMean) -> Tensor {
    let maps =
      maps.shape.rank == 4
      ? maps : maps.reshaped(to: [maps.shape[0], 1, 1, maps.count / max(1, maps.shape[0])])
    guard maps.shape[1] > 1 else { return ofValues(maps) }
    if self == .abs { return Saliency.ofPixels(maps, channels, isAbsolute: true) }
    let reduction = channels == .absThenMean ? .meanThenAbs : channels
    return ofValues(Saliency.ofPixels(maps, reduction, isAbsolute: false))
  }

  /// One number for each value of the maps.
  ///
  /// - Parameter maps: of any shape that begins with the batch.
  /// - Returns: [batch, values].
  public func ofValues(_ maps: Tensor) -> Tensor {
    let flat = maps.reshaped(to: [maps.shape[0], maps.count / max(1, maps.shape[0])])
    return switch self {
    case .signed: flat
    case .abs: flat.mapped { Swift.abs($0) }
    case .positive: flat.mapped { max($0, 0) }
    }
  }
}
