public import SmootAttribution
import SmootNN
public import SmootTensor

/// Whether maps depend on what the labels mean: their likeness to the maps of a network that was trained on permuted labels.
///
/// Magnitudes are divided by their maximum, and compared by Spearman's rank correlation and by structural similarity; the likeness to a map of random numbers is the floor.
/// Source: Adebayo et al., Sanity Checks for Saliency Maps, 2018, section 5, where the other network is trained until it knows more than 95 % of the permuted labels.
public struct LabelRandomization: FaithfulnessMeasure {
  /// Which form of the maps is compared.
  public var values = MapValues.abs
  /// How several channels of a map become one number.
  public var channels = ChannelReduction.absThenMean
  /// Where random maps come from.
  public var seed: UInt64 = 1

  /// The measure with its default options.
  public init() {}

  /// What the measure is.
  public static let information = MeasureInformation(
    "label-randomization", title: "Label randomization",
    summary:
      "likeness to the maps of a network trained on permuted labels",
    source: "Adebayo et al., 2018", needs: [.explainer, .randomLabelModel])

  /// The likeness to the other network's maps, and the floor.
  public static let scores = [
    ScoreDescription("label-randomization", "Permuted labels, rank correlation", .lower),
    ScoreDescription("label-randomization-ssim", "Permuted labels, SSIM", .lower),
    ScoreDescription("label-randomization-floor", "Random map, rank correlation", .lower),
    ScoreDescription("label-randomization-floor-ssim", "Random map, SSIM", .lower),
  ]

  /// The options.
  public static var options: [MeasureOption<Self>] {
    [
      .choice("values", \.values, "which form of the maps is compared"),
      .choice("channels", \.channels, "how channels of a map become one number"),
      .seed(\.seed),
    ]
  }

  /// One explanation.
  public func cost(for size: ImageSize) -> MeasureCost { MeasureCost(explanations: 1) }

  /// The likeness of each image's maps.
  public func measure(
    _ explanation: Explanation, of batch: EvaluationBatch
  ) throws -> BatchScores {
    let explainer = try required(.explainer, explanation.explainer)
    let model = try required(.randomLabelModel, explanation.randomLabelModel)
    guard model.inputSize == batch.size, model.classCount == batch.model.classCount else {
      throw MeasureError.unfit(
        measure: Self.information.name,
        reason:
          "the network with permuted labels takes images of \(model.inputSize) in \(model.classCount) classes, not of \(batch.size) in \(batch.model.classCount)"
      )
    }
    let maps = try explainer(batch.images, batch.targets, batch.indices, model)
    try Explanation.check(maps, batch)
    let comparison = MapComparison(
      explanation.pixels(values, channels), width: batch.size.width)
    let found = comparison.compared(with: values.ofPixels(maps, channels))
    let floor = comparison.compared(
      with: RandomMaps.maps(
        indices: batch.indices, pixels: batch.size.pixels,
        key: RandomKey(seed: seed).derived("randomization floor")))
    return BatchScores(
      indices: batch.indices,
      scores: [
        "label-randomization": found.rankCorrelation,
        "label-randomization-ssim": found.structuralSimilarity,
        "label-randomization-floor": floor.rankCorrelation,
        "label-randomization-floor-ssim": floor.structuralSimilarity,
      ])
  }
}
