public import SmootTensor

extension Saliency {
  /// Maps as a library shows them.
  ///
  /// Convention pgc rectifies, brings to [0, 1], resizes and brings to [0, 1] again; captum resizes to the nearest pixel and divides, with signs; paper rectifies, resizes and
  /// brings to [0, 1].
  ///
  /// - Parameters:
  ///   - maps: raw maps, [batch, channels, height, width].
  ///   - height: the images' height.
  ///   - width: the images' width.
  ///   - convention: whose steps are taken.
  /// - Returns: [batch, channels, images' height, images' width].
  public static func presented(
    _ maps: Tensor, height: Int, width: Int, _ convention: NormalizationConvention
  ) -> Tensor {
    switch convention {
    case .pgc:
      let small = normalized(rectified(maps), .pgc)
      return normalized(rectified(resized(small, height: height, width: width)), .pgc)
    case .captum:
      return normalized(nearest(maps, height: height, width: width), .captum)
    case .paper:
      return normalized(resized(rectified(maps), height: height, width: width), .paper)
    }
  }

  /// Maps of other extents, each pixel with the value of the one that it lies in.
  ///
  /// - Parameters:
  ///   - maps: [batch, channels, height, width].
  ///   - height: the new height.
  ///   - width: the new width.
  public static func nearest(_ maps: Tensor, height: Int, width: Int) -> Tensor {
    func matrix(_ from: Int, _ to: Int) -> Tensor {
      var values = [Float](repeating: 0, count: to * from)
      for row in 0..<to { values[row * from + row * from / to] = 1 }
      return Tensor(values, shape: [to, from])
    }
    return maps.resampled(
      rows: matrix(maps.shape[2], height), columns: matrix(maps.shape[3], width))
  }
}
