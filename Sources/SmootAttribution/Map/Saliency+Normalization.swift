public import SmootTensor

extension Saliency {
  /// The positive part of maps: what speaks for the class.
  public static func rectified(_ maps: Tensor) -> Tensor { maps.mapped { max($0, 0) } }

  /// Maps of other extents, by interpolation between pixel centres.
  ///
  /// - Parameters:
  ///   - maps: [batch, channels, height, width].
  ///   - height: the new height.
  ///   - width: the new width.
  ///   - interpolation: how values between pixels are found.
  /// - Returns: [batch, channels, new height, new width].
  public static func resized(
    _ maps: Tensor, height: Int, width: Int, _ interpolation: Interpolation = .bilinear
  ) -> Tensor {
    if (maps.shape[2], maps.shape[3]) == (height, width) { return maps }
    return maps.resampled(
      rows: interpolation.matrix(from: maps.shape[2], to: height, antialias: false),
      columns: interpolation.matrix(from: maps.shape[3], to: width, antialias: false))
  }

  /// Each map on one scale.
  ///
  /// - Parameters:
  ///   - maps: [batch, ...]; all numbers of an image are one map.
  ///   - convention: which scale.
  /// - Returns: the same shape; in [0, 1], or [-1, 1] for ``NormalizationConvention/captum``.
  public static func normalized(
    _ maps: Tensor, _ convention: NormalizationConvention
  ) -> Tensor {
    let (batch, count) = (maps.shape[0], maps.count / max(1, maps.shape[0]))
    return Tensor(uninitialized: maps.shape) { target in
      withPointers(maps) { source in
        parallelFor(batch) { image in
          let from = UnsafeBufferPointer(start: source + image * count, count: count)
          let to = target + image * count
          let (shift, scale) = convention.shiftAndScale(of: from)
          for index in 0..<count {
            let value = (from[index] - shift) / scale
            to[index] = convention == .captum ? min(max(value, -1), 1) : value
          }
        }
      }
    }
  }
}

extension NormalizationConvention {
  /// What is subtracted from each value, and what it is then divided by.
  fileprivate func shiftAndScale(
    of values: UnsafeBufferPointer<Float>
  ) -> (shift: Float, scale: Float) {
    guard let low = values.min(), let high = values.max() else { return (0, 1) }
    switch self {
    case .captum:
      let threshold = Self.threshold(values)
      return (0, threshold > 0 ? threshold : 1)
    case .pgc: return (low, high - low + 1e-7)
    case .paper: return (low, high > low ? high - low : 1)
    }
  }

  /// The first magnitude, in ascending order, at which the sum reaches 98 % of the whole.
  private static func threshold(_ values: UnsafeBufferPointer<Float>) -> Float {
    let magnitudes = values.map { abs($0) }.sorted()
    let wanted = 0.98 * magnitudes.reduce(0) { $0 + Double($1) }
    var sum = 0.0
    return magnitudes.first { magnitude in
      sum += Double(magnitude)
      return sum >= wanted
    } ?? 0
  }
}
