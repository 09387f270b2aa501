public import SmootAttribution
public import SmootAutodiff
public import SmootMasking
public import SmootTensor

/// The score of a class while the most relevant values of the image are replaced, a few at a time.
///
/// The score is the mean height of the curve by the trapezoid rule.
/// Source: Bach et al., On Pixel-Wise Explanations for Non-Linear Classifier Decisions by Layer-Wise Relevance Propagation, 2015. As in Quantus, each channel of each pixel is ranked by
/// itself, values become the least value of the image, the probability is followed, and the curve begins after the first step; Quantus takes one value a step and gives the area
/// without dividing it by the number of steps less 1.
public struct PixelFlipping: FaithfulnessMeasure {
  /// How many steps there are at most; each has ceil(elements / steps) elements.
  public var steps = 28
  /// What is ranked and replaced: pixels, or each channel of a pixel by itself.
  public var unit = MaskUnit.value
  /// What replaced elements become.
  public var fill = RemovalFill.minimum
  /// Which form of the map ranks the elements.
  public var values = MapValues.signed
  /// How several channels of a map become one number, where pixels are ranked.
  public var channels = ChannelReduction.absThenMean
  /// What is followed.
  public var score = ScoreKind.prob
  /// Whether the curve begins with the clean image.
  public var hasClean = false
  /// Where the noise of ``RemovalFill/uniform`` comes from.
  public var seed: UInt64 = 1

  /// The measure with its default options.
  public init() {}

  /// What the measure is.
  public static let information = MeasureInformation(
    "pixel-flipping", title: "Pixel flipping",
    summary: "probability of the class while the most relevant values are replaced",
    source: "Bach et al., 2015; Quantus")

  /// The mean height of the curve.
  public static let scores = [ScoreDescription("pixel-flipping", "Pixel flipping", .lower)]

  /// The options.
  public static var options: [MeasureOption<Self>] {
    [
      .integer("steps", \.steps, in: 1...1_000_000, "the most steps, of equally many elements"),
      .choice("unit", \.unit, "what is ranked: pixels, or each channel of them"),
      .choice("fill", \.fill, "what replaced elements become"),
      .choice("values", \.values, "which form of the map ranks them"),
      .choice("channels", \.channels, "how channels of a map become one number"),
      .choice("score", \.score, "what is followed: probability, logit or log-probability"),
      .flag("clean", \.hasClean, "whether the curve begins with the clean image"),
      .seed(\.seed),
    ]
  }

  /// How many elements are replaced at each step.
  private func counts(_ elements: Int) -> [Int] {
    let width = (elements + steps - 1) / steps
    return (hasClean ? [0] : []) + stride(from: width, to: elements, by: width) + [elements]
  }

  /// One pass for each step.
  public func cost(for size: ImageSize) -> MeasureCost {
    let elements = unit == .value ? size.channels * size.pixels : size.pixels
    return MeasureCost(forwardPasses: counts(elements).count { $0 > 0 })
  }

  /// The curve of each image and its mean height.
  public func measure(
    _ explanation: Explanation, of batch: EvaluationBatch
  ) throws(MeasureError) -> BatchScores {
    let relevance =
      unit == .value
      ? explanation.values(values, of: batch) : explanation.pixels(values, channels)
    let order = SaliencyOrder(descending: relevance)
    let counts = counts(order.elements)
    let key = RandomKey(seed: seed).derived("pixel flipping fill")
    let path = PerturbationPath(
      start: batch.images,
      end: fill.replacement(for: batch.images, keys: batch.indices.map { key.derived($0) }),
      order: order, counts: counts)
    let logits = path.logits(of: batch, known: hasClean ? [0: batch.logits] : [:])
    let steps = logits.map { batch.targetScores($0, score) }
    let curves = (0..<batch.count).map { image in steps.map { $0[image] } }
    let shares = counts.map { Double($0) / Double(order.elements) }
    return BatchScores(
      indices: batch.indices,
      scores: ["pixel-flipping": curves.map { CurveArea.meanHeight($0, at: shares) }],
      curves: ["score": MeasuredCurves(places: .shares(shares), values: curves)])
  }
}
