public import SmootAttribution
public import SmootAutodiff
import SmootNN
public import SmootTensor

/// What becomes of the class's probability when only what the map shows is left of the image.
///
/// The image is multiplied by its map: x' = x m + baseline (1 - m). Average drop is the mean of [p - p']+ / p, increase in confidence the share of images with p' > p.
/// Source: Chattopadhay et al., Grad-CAM++, 2018, section 5.1; the relative drop is theirs and torch-cam's, pytorch-grad-cam leaves out the division by p.
public struct ConfidenceChange: FaithfulnessMeasure {
  /// How a map becomes the share of each pixel that is left.
  public enum Scaling: String, Sendable, Codable, CaseIterable {
    /// From 0 at the map's least value to 1 at its greatest; a constant map leaves nothing.
    case minMax = "min-max"
    /// The map as it is: for maps that lie in [0, 1] already.
    case none
  }

  /// How a map becomes the share of each pixel that is left.
  public var scaling = Scaling.minMax
  /// Which form of the map counts.
  public var values = MapValues.positive
  /// How several channels of a map become one number.
  public var channels = ChannelReduction.absThenMean
  /// What is behind the image.
  public var baseline = RemovalFill.zero
  /// What is compared.
  public var score = ScoreKind.prob
  /// Whether the drop is divided by the score of the clean image.
  public var isRelative = true
  /// Where the noise of ``RemovalFill/uniform`` comes from.
  public var seed: UInt64 = 1

  /// The measure with its default options.
  public init() {}

  /// What the measure is.
  public static let information = MeasureInformation(
    "confidence-change", title: "Change in confidence",
    summary: "probability of the class when only what the map shows is left",
    source: "Chattopadhay et al., Grad-CAM++, 2018")

  /// The drop and the increase.
  public static let scores = [
    ScoreDescription("average-drop", "Average drop", .lower),
    ScoreDescription(
      "increase-in-confidence", "Increase in confidence", .higher, interval: .wilson(whole: 1)),
  ]

  /// The options.
  public static var options: [MeasureOption<Self>] {
    [
      .choice("scaling", \.scaling, "how a map becomes the share that is left"),
      .choice("values", \.values, "which form of the map counts"),
      .choice("channels", \.channels, "how channels of a map become one number"),
      .choice("baseline", \.baseline, "what is behind the image"),
      .choice("score", \.score, "what is compared: probability, logit or log-probability"),
      .flag("relative", \.isRelative, "whether the drop is divided by the clean image's score"),
      .seed(\.seed),
    ]
  }

  /// One pass.
  public func cost(for size: ImageSize) -> MeasureCost { MeasureCost(forwardPasses: 1) }

  /// The drop of each image, and 1 where its score rises, else 0.
  public func measure(
    _ explanation: Explanation, of batch: EvaluationBatch
  ) throws(MeasureError) -> BatchScores {
    let shares = scaled(explanation.pixels(values, channels))
    let key = RandomKey(seed: seed).derived("confidence baseline")
    let behind = baseline.replacement(
      for: batch.images, keys: batch.indices.map { key.derived($0) })
    let (pixels, values) = (batch.size.pixels, batch.valuesPerImage)
    let logits = withPointers(batch.images, behind, shares) { images, behind, shares in
      batch.logits(rows: batch.count) { image, target in
        for value in 0..<values {
          let share = shares[image * pixels + value % pixels]
          let place = image * values + value
          target[value] = images[place] * share + behind[place] * (1 - share)
        }
      }
    }
    let pairs = zip(batch.targetScores(batch.logits, score), batch.targetScores(logits, score))
    let drops = pairs.map { clean, left -> Double? in
      guard isRelative else { return max(0, clean - left) }
      return clean > 0 ? max(0, clean - left) / clean : nil
    }
    return BatchScores(
      indices: batch.indices,
      scores: [
        "average-drop": drops, "increase-in-confidence": pairs.map { $1 > $0 ? 1 : 0 },
      ])
  }

  /// The share of each pixel that is left; [batch, pixels].
  private func scaled(_ maps: Tensor) -> Tensor {
    guard scaling == .minMax else { return maps }
    let pixels = maps.shape[1]
    return Tensor(uninitialized: maps.shape) { target in
      withPointers(maps) { source in
        parallelFor(maps.shape[0]) { image in
          let map = UnsafeBufferPointer(start: source + image * pixels, count: pixels)
          let least = map.min() ?? 0
          let span = (map.max() ?? 0) - least
          for pixel in 0..<pixels {
            target[image * pixels + pixel] = span > 0 ? (map[pixel] - least) / span : 0
          }
        }
      }
    }
  }
}
