public import SmootTensor

/// Maps that explain a batch of images.
public struct Attribution {
  /// The raw maps with their signs, [batch, channels or 1, height, width]; class activation maps have the extents of their layer.
  public var values: Tensor
  /// What there is to know about each map.
  public var statuses: [MapStatus]
  /// For each image the sum of its map minus what completeness says it should be, where the method has such a property.
  public var deltas: [Float]?

  /// Makes an attribution whose statuses are read off the maps.
  ///
  /// - Parameters:
  ///   - values: [batch, channels or 1, height, width].
  ///   - saturated: for each image, whether the explained score is too flat for a gradient.
  ///   - deltas: how far each map is from complete.
  public init(_ values: Tensor, saturated: [Bool]? = nil, deltas: [Float]? = nil) {
    self.values = values
    self.deltas = deltas
    let (batch, count) = (values.shape[0], values.count / max(1, values.shape[0]))
    statuses = values.withUnsafeElements { elements in
      (0..<batch).map { image in
        MapStatus(
          of: elements[image * count..<(image + 1) * count],
          isSaturated: saturated?[image] ?? false)
      }
    }
  }
}
