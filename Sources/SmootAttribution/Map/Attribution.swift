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
  ///   - hasGradient: whether the maps are made of what was sent back from the score.
  public init(
    _ values: Tensor, saturated: [Bool]? = nil, deltas: [Float]? = nil, hasGradient: Bool = true
  ) {
    self.values = values
    self.deltas = deltas
    let (batch, count) = (values.shape[0], values.count / max(1, values.shape[0]))
    statuses = values.withUnsafeElements { elements in
      (0..<batch).map { image in
        MapStatus(
          of: elements[image * count..<(image + 1) * count],
          isSaturated: saturated?[image] ?? false, hasGradient: hasGradient)
      }
    }
  }

  /// Says of each blank map why: a part of it, rectified before it came in, speaks only against the class, or is not zero itself.
  ///
  /// - Parameter parts: the status of that part for each image.
  mutating func explainBlanks(by parts: [MapStatus]) {
    for (image, part) in parts.enumerated()
    where [.zeroGradient, .allZero].contains(statuses[image]) {
      switch part {
      case .negativeOnly: statuses[image] = .negativeOnly
      case .ok: statuses[image] = .allZero
      case .zeroGradient, .allZero, .saturated, .notFinite: break
      }
    }
  }
}
