public import SmootAttribution
import SmootAutodiff
import SmootNN
public import SmootTensor

/// Whether maps depend on what the network has learnt: their likeness to the maps of the same network with more and more of its layers set back to initial values.
///
/// Layers are randomized from the logits down, all those above staying randomized (cascading), or one at a time. Magnitudes are divided by their maximum, and compared by Spearman's
/// rank correlation and by structural similarity; the floor is the likeness to a map of random numbers. High likeness is bad: the method shows the image rather than the network.
/// Source: Adebayo et al., Sanity Checks for Saliency Maps, 2018. New values are drawn by the network's own initializers, for each parameter from its name, where Quantus sets its
/// generator back before every layer; Quantus counts the unchanged network as a layer in its mean, which is left out here.
public struct ParameterRandomization: FaithfulnessMeasure {
  /// Which layers are random at each step.
  public enum Order: String, Sendable, Codable, CaseIterable {
    /// The layer and all above it.
    case cascading
    /// The layer alone.
    case independent
  }

  /// What is randomized at a step.
  public enum Unit: String, Sendable, Codable, CaseIterable {
    /// One module with weights: a convolution, a normalization, a linear layer.
    case module
    /// One of the network's ``SmootNN/Classifier/layers``: a block, say.
    case block
  }

  /// Which layers are random at each step.
  public var order = Order.cascading
  /// What is randomized at a step.
  public var unit = Unit.module
  /// Which form of the maps is compared.
  public var values = MapValues.abs
  /// How several channels of a map become one number.
  public var channels = ChannelReduction.absThenMean
  /// Where new values and random maps come from.
  public var seed: UInt64 = 1

  /// The measure with its default options.
  public init() {}

  /// What the measure is.
  public static let information = MeasureInformation(
    "parameter-randomization", title: "Parameter randomization",
    summary:
      "likeness to the maps of the network with random layers",
    source: "Adebayo et al., 2018", needs: [.explainer, .newModels])

  /// Means over the layers, the fully random network, and the floor.
  public static let scores = [
    ScoreDescription("parameter-randomization", "Randomized layers, rank correlation", .lower),
    ScoreDescription("parameter-randomization-ssim", "Randomized layers, SSIM", .lower),
    ScoreDescription("full-randomization", "Randomized network, rank correlation", .lower),
    ScoreDescription("full-randomization-ssim", "Randomized network, SSIM", .lower),
    ScoreDescription("random-map-floor", "Random map, rank correlation", .lower),
    ScoreDescription("random-map-floor-ssim", "Random map, SSIM", .lower),
  ]

  /// The options.
  public static var options: [MeasureOption<Self>] {
    [
      .choice("order", \.order, "whether the layers above stay randomized"),
      .choice("unit", \.unit, "what is randomized at a step"),
      .choice("values", \.values, "which form of the maps is compared"),
      .choice("channels", \.channels, "how channels of a map become one number"),
      .seed(\.seed),
    ]
  }

  /// One explanation for each layer.
  public func cost(for size: ImageSize) -> MeasureCost { MeasureCost(explanationsPerLayer: 1) }

  /// The likeness at each layer, and its mean.
  public func measure(
    _ explanation: Explanation, of batch: EvaluationBatch
  ) throws -> BatchScores {
    let explainer = try required(.explainer, explanation.explainer)
    let makeModel = try required(.newModels, explanation.makeModel)
    let key = RandomKey(seed: seed).derived("parameter randomization")
    let network = RandomizedNetwork(trained: batch.model, random: try makeModel(key), unit: unit)
    let comparison = MapComparison(
      explanation.pixels(values, channels), width: batch.size.width)
    var found: [MapComparison.Result] = []
    for layer in network.layers.indices {
      network.randomize(order == .cascading ? 0...layer : layer...layer)
      let maps = try explainer(batch.images, batch.targets, batch.indices, network.model)
      try Explanation.check(maps, batch)
      found.append(comparison.compared(with: values.ofPixels(maps, channels)))
    }
    let floor = comparison.compared(
      with: RandomMaps.maps(
        indices: batch.indices, pixels: batch.size.pixels,
        key: RandomKey(seed: seed).derived("randomization floor")))
    return scores(found, floor, network.layers, batch)
  }

  private func scores(
    _ found: [MapComparison.Result], _ floor: MapComparison.Result, _ layers: [String],
    _ batch: EvaluationBatch
  ) -> BatchScores {
    let images = 0..<batch.count
    let ranks = images.map { image in found.map { $0.rankCorrelation[image] } }
    let structures = images.map { image in found.map { $0.structuralSimilarity[image] } }
    func mean(_ values: [Double?]) -> Double? {
      let defined = values.compactMap(\.self)
      return defined.isEmpty ? nil : defined.reduce(0, +) / Double(defined.count)
    }
    func full(_ values: [Double?]) -> Double? {
      order == .cascading ? values.last.flatMap(\.self) : nil
    }
    return BatchScores(
      indices: batch.indices,
      scores: [
        "parameter-randomization": ranks.map(mean),
        "parameter-randomization-ssim": structures.map(mean),
        "full-randomization": ranks.map(full), "full-randomization-ssim": structures.map(full),
        "random-map-floor": floor.rankCorrelation,
        "random-map-floor-ssim": floor.structuralSimilarity,
      ],
      curves: [
        "rank correlation": MeasuredCurves(places: .layers(layers), values: ranks),
        "structural similarity": MeasuredCurves(places: .layers(layers), values: structures),
      ])
  }
}
