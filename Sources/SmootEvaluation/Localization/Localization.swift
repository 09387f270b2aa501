public import SmootAttribution
import SmootMasking
public import SmootTensor

/// Whether a map lies where the object is.
///
/// The pointing game asks whether the map's greatest value is on the object, or at most a tolerance away; any of several equal ones may hit, as in Quantus. The energy is the share
/// of the map's sum that is on the object, and the rank accuracy the share of object pixels among as many of the most salient ones.
/// Sources: Zhang et al., Top-down Neural Attention by Excitation Backprop, 2016 (whose tolerance is 15 pixels); Wang et al., Score-CAM, 2020 (energy-based pointing game);
/// Arras et al., CLEVR-XAI, 2022 (relevance mass and rank accuracy: the names in Quantus).
/// An image without an object has no score, and neither
/// has a constant map, which points nowhere; in Quantus it hits.
public struct Localization: FaithfulnessMeasure {
  /// Which form of the map counts; shares of signed maps can be negative or above 1.
  public var values = MapValues.positive
  /// How several channels of a map become one number.
  public var channels = ChannelReduction.absThenMean
  /// How many pixels away from the object the greatest value still hits.
  public var tolerance = 0.0

  /// The measure with its default options.
  public init() {}

  /// What the measure is.
  public static let information = MeasureInformation(
    "localization", title: "Localization",
    summary: "whether the map's greatest value, its energy and its top pixels are on the object",
    source: "Zhang et al., 2016; Wang et al., 2020; Arras et al., 2022", needs: [.objects])

  /// Hit, energy and rank accuracy.
  public static let scores = [
    ScoreDescription("pointing-game", "Pointing game", .higher, interval: .wilson(whole: 1)),
    ScoreDescription("energy-in-object", "Energy in the object", .higher),
    ScoreDescription("rank-accuracy", "Rank accuracy", .higher),
  ]

  /// The options.
  public static var options: [MeasureOption<Self>] {
    [
      .choice("values", \.values, "which form of the map counts"),
      .choice("channels", \.channels, "how channels of a map become one number"),
      .number("tolerance", \.tolerance, in: 0...10000, "pixels off the object that still hit"),
    ]
  }

  /// No passes.
  public func cost(for size: ImageSize) -> MeasureCost { MeasureCost() }

  /// The scores of each image.
  public func measure(
    _ explanation: Explanation, of batch: EvaluationBatch
  ) throws(MeasureError) -> BatchScores {
    let objects = try required(.objects, batch.objects)
    let maps = explanation.pixels(values, channels)
    let order = SaliencyOrder(descending: maps)
    let pixels = batch.size.pixels
    let scores = withPointers(maps, objects) { maps, objects in
      (0..<batch.count).map { image in
        let range = image * pixels..<(image + 1) * pixels
        return self.scores(
          UnsafeBufferPointer(start: maps + range.lowerBound, count: pixels),
          UnsafeBufferPointer(start: objects + range.lowerBound, count: pixels),
          order.indices[range], width: batch.size.width)
      }
    }
    return BatchScores(
      indices: batch.indices,
      scores: [
        "pointing-game": scores.map(\.hit), "energy-in-object": scores.map(\.energy),
        "rank-accuracy": scores.map(\.rank),
      ])
  }

  /// The scores of one image.
  private func scores(
    _ map: UnsafeBufferPointer<Float>, _ object: UnsafeBufferPointer<Float>,
    _ order: ArraySlice<UInt32>, width: Int
  ) -> (hit: Double?, energy: Double?, rank: Double?) {
    let size = object.count { $0 > 0.5 }
    guard size > 0 else { return (nil, nil, nil) }
    guard let greatest = map.max(), let least = map.min(), greatest > least else {
      return (nil, nil, nil)
    }
    let isHit = map.indices.contains { pixel in
      map[pixel] == greatest && isNear(pixel, object, width: width)
    }
    var (inside, all) = (0.0, 0.0)
    for pixel in map.indices {
      all += Double(map[pixel])
      if object[pixel] > 0.5 { inside += Double(map[pixel]) }
    }
    let found = order.prefix(size).count { object[Int($0)] > 0.5 }
    return (isHit ? 1 : 0, all == 0 ? nil : inside / all, Double(found) / Double(size))
  }

  /// Whether a pixel is on the object, or at most the tolerance away.
  private func isNear(
    _ pixel: Int, _ object: UnsafeBufferPointer<Float>, width: Int
  ) -> Bool {
    if object[pixel] > 0.5 { return true }
    guard tolerance > 0 else { return false }
    let (row, column) = (pixel / width, pixel % width)
    return object.indices.contains { other in
      guard object[other] > 0.5 else { return false }
      let (down, across) = (Double(other / width - row), Double(other % width - column))
      return down * down + across * across <= tolerance * tolerance
    }
  }
}
