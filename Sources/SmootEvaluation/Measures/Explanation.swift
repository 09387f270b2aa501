import SmootAttribution
public import SmootNN
public import SmootTensor

/// The maps of one method for a batch, and what a measure may use to make further ones.
public struct Explanation {
  /// [batch, height x width] or [batch, channels or 1, height, width], raw and signed.
  public let maps: Tensor
  /// How the maps were made, for measures that explain other images or networks too.
  public var explainer: Explainer?
  /// Makes a network of the same kind as the one explained, with initial values from a key.
  public var makeModel: ((RandomKey) throws -> any Classifier)?
  /// A network of the same kind that was trained on permuted labels.
  public var randomLabelModel: (any Classifier)?

  /// Checks maps against the images that they explain.
  ///
  /// - Parameters:
  ///   - maps: [batch, height x width] or [batch, channels or 1, height, width].
  ///   - batch: the images.
  ///   - explainer: how the maps were made.
  /// - Throws: ``MeasureError/badMaps(expected:found:)`` when they do not fit the images or hold numbers that are not finite.
  public init(
    maps: Tensor, of batch: EvaluationBatch, explainer: Explainer? = nil
  ) throws(MeasureError) {
    try Self.check(maps, batch)
    self.maps = maps
    self.explainer = explainer
  }

  /// One number for each pixel; see ``MapValues/ofPixels(_:_:)``.
  func pixels(_ values: MapValues, _ channels: ChannelReduction = .absThenMean) -> Tensor {
    values.ofPixels(maps, channels)
  }

  /// One number for each value of the images: a map for pixels is repeated for each channel.
  ///
  /// - Returns: [batch, channels x pixels].
  func values(_ values: MapValues, of batch: EvaluationBatch) -> Tensor {
    let perImage = maps.count / max(1, maps.shape[0])
    guard perImage != batch.size.channels * batch.size.pixels else { return values.ofValues(maps) }
    let flat = values.ofValues(maps).reshaped(to: [maps.shape[0], 1, perImage])
    return flat.broadcast(to: [maps.shape[0], batch.size.channels, perImage])
      .reshaped(to: [maps.shape[0], batch.size.channels * perImage])
  }

  /// Checks that maps fit the images of a batch.
  static func check(_ maps: Tensor, _ batch: EvaluationBatch) throws(MeasureError) {
    let (count, size) = (batch.count, batch.size)
    let shapes: [Shape] = [
      [count, size.pixels], [count, 1, size.height, size.width],
      [count, size.channels, size.height, size.width],
    ]
    guard shapes.contains(maps.shape) else {
      throw .badMaps(
        expected: "the shape \(shapes[0]), \(shapes[1]) or \(shapes[2])",
        found: "\(maps.shape)")
    }
    guard !maps.isFinite else { return }
    let values = maps.count / max(1, count)
    let place = maps.scalars.firstIndex { !$0.isFinite } ?? 0
    throw .badMaps(
      expected: "finite numbers",
      found: "\(maps.scalars[place]) in the map of image \(batch.indices[place / max(1, values)])")
  }
}
