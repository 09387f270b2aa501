public import SmootAttribution
import SmootMasking
public import SmootTensor

/// The area under the accuracy that is left when the most salient pixels are removed, for the maps of any method.
///
/// The score of an image is the area under its own curve, which is 100 where it is right and 0 where it is wrong: the mean over images is the area under the accuracy in percent.
/// With the maps of ``SmootAttribution/InputGradient`` and the same choices this is what ``AccuracyDrop`` finds, apart from ``RemovalFill/uniform``, whose noise is drawn for each
/// image here and for each piece of 256 images there. Source: Ismail et al., 2021, section 4, and Karkehabadi et al., 2023, table 1.
public struct AccuracyDropMeasure: FaithfulnessMeasure {
  /// The shares of removed pixels, in percent, ascending.
  public var percent: [Int] = Array(stride(from: 0, through: 90, by: 10))
  /// What removed pixels become.
  public var fill = RemovalFill.corner
  /// Which form of the map ranks the pixels.
  public var values = MapValues.abs
  /// How several channels of a map become one number.
  public var channels = ChannelReduction.absThenMean
  /// Whether the area is divided by the span of the shares.
  public var isNormalized = false
  /// Where the noise of ``RemovalFill/uniform`` comes from.
  public var seed: UInt64 = 1

  /// The measure with its default options.
  public init() {}

  /// What the measure is.
  public static let information = MeasureInformation(
    "accuracy-drop", title: "Accuracy-drop AUC",
    summary: "accuracy that is left when the most salient pixels are removed",
    source: "Ismail et al., 2021, section 4; Karkehabadi et al., 2023, table 1")

  /// The area under the curve.
  public static let scores = [ScoreDescription("accuracy-drop", "Accuracy-drop AUC", .lower)]

  /// The options.
  public static var options: [MeasureOption<Self>] {
    [
      .percentages("percent", \.percent, in: 0...100, "shares of removed pixels, in percent"),
      .choice("fill", \.fill, "what removed pixels become"),
      .choice("values", \.values, "which form of the map ranks the pixels"),
      .choice("channels", \.channels, "how channels of a map become one number"),
      .flag("normalized", \.isNormalized, "whether the area is divided by the span of the shares"),
      .seed(\.seed),
    ]
  }

  /// One pass for each share but 0.
  public func cost(for size: ImageSize) -> MeasureCost {
    MeasureCost(forwardPasses: percent.count { $0 > 0 })
  }

  /// The curve of each image, 100 where it is right and 0 where it is wrong, and the area under it.
  public func measure(
    _ explanation: Explanation, of batch: EvaluationBatch
  ) throws(MeasureError) -> BatchScores {
    let ranking = SaliencyOrder(descending: explanation.pixels(values, channels))
    let key = RandomKey(seed: seed).derived("accuracy drop fill")
    let replacement = fill.replacement(
      for: batch.images, keys: batch.indices.map { key.derived($0) })
    let right = AccuracyDrop.rightAnswers(batch, ranking, replacement, percent)
    let shares = percent.map { Double($0) / 100 }
    let curves = (0..<batch.count).map { image in right.map { $0[image] ? 100.0 : 0 } }
    let areas = curves.map { curve -> Double? in
      isNormalized
        ? CurveArea.meanHeight(curve, at: shares) : CurveArea.area(curve, at: shares)
    }
    return BatchScores(
      indices: batch.indices, scores: ["accuracy-drop": areas],
      curves: ["accuracy": MeasuredCurves(places: .shares(shares), values: curves)])
  }
}
