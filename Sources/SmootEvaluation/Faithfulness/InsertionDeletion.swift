public import SmootAttribution
public import SmootAutodiff
import SmootMasking
public import SmootTensor

/// The score of a class while the most salient pixels appear in a blurred image, and while they vanish from the image.
///
/// Pixels go in the order of the map, all channels at once, in equal steps; the last step may be shorter. Insertion and deletion are the areas under both curves over the share of
/// pixels, from 0 to 1, by the trapezoid rule; the difference puts them together.
/// Source: Petsiuk et al., RISE, 2018, section 4.2 and the authors' code, which takes 28 steps of a 224 x 224 image at a time, deletes to 0 in normalized units, inserts into an
/// image blurred by 11 x 11 pixels, and follows the predicted class. That code weighs a shorter last step like the others; here each step counts by its width.
public struct InsertionDeletion: FaithfulnessMeasure {
  /// How many steps there are at most; each has ceil(pixels / steps) pixels.
  public var steps = 28
  /// What deleted pixels become.
  public var deletion = RemovalFill.zero
  /// What the image is before pixels are inserted.
  public var insertion = RemovalFill.blur11
  /// Which form of the map ranks the pixels.
  public var values = MapValues.signed
  /// How several channels of a map become one number.
  public var channels = ChannelReduction.absThenMean
  /// What is followed.
  public var score = ScoreKind.prob
  /// Where the noise of ``RemovalFill/uniform`` comes from.
  public var seed: UInt64 = 1

  /// The measure with its default options.
  public init() {}

  /// What the measure is.
  public static let information = MeasureInformation(
    "insertion-deletion", title: "Insertion and deletion",
    summary: "probability of the class as the most salient pixels appear, or vanish",
    source: "Petsiuk et al., RISE, 2018")

  /// The difference and both areas.
  public static let scores = [
    ScoreDescription("insertion-minus-deletion", "Insertion - deletion", .higher),
    ScoreDescription("insertion", "Insertion", .higher),
    ScoreDescription("deletion", "Deletion", .lower),
  ]

  /// The options.
  public static var options: [MeasureOption<Self>] {
    [
      .integer("steps", \.steps, in: 1...1_000_000, "the most steps, of equally many pixels"),
      .choice("deletion", \.deletion, "what deleted pixels become"),
      .choice("insertion", \.insertion, "what the image is before pixels are inserted"),
      .choice("values", \.values, "which form of the map ranks the pixels"),
      .choice("channels", \.channels, "how channels of a map become one number"),
      .choice("score", \.score, "what is followed: probability, logit or log-probability"),
      .seed(\.seed),
    ]
  }

  /// How many pixels are replaced at each step, from none to all.
  func counts(_ pixels: Int) -> [Int] {
    let width = (pixels + steps - 1) / steps
    return Array(stride(from: 0, to: pixels, by: width)) + [pixels]
  }

  /// One pass for each step of both curves; the clean pass is one end of each.
  public func cost(for size: ImageSize) -> MeasureCost {
    MeasureCost(forwardPasses: 2 * (counts(size.pixels).count - 1))
  }

  /// Both curves of each image and the areas under them.
  public func measure(
    _ explanation: Explanation, of batch: EvaluationBatch
  ) throws(MeasureError) -> BatchScores {
    let order = SaliencyOrder(descending: explanation.pixels(values, channels))
    let counts = counts(order.elements)
    let shares = counts.map { Double($0) / Double(order.elements) }
    func replacement(_ fill: RemovalFill, _ purpose: String) -> Tensor {
      let key = RandomKey(seed: seed).derived(purpose)
      return fill.replacement(for: batch.images, keys: batch.indices.map { key.derived($0) })
    }
    func curves(from start: Tensor, to end: Tensor, clean: Int) -> [[Double]] {
      let path = PerturbationPath(start: start, end: end, order: order, counts: counts)
      let logits = path.logits(of: batch, known: [clean: batch.logits])
      let steps = logits.map { batch.targetScores($0, score) }
      return (0..<batch.count).map { image in steps.map { $0[image] } }
    }
    let deleted = curves(
      from: batch.images, to: replacement(deletion, "deletion fill"), clean: 0)
    let inserted = curves(
      from: replacement(insertion, "insertion fill"), to: batch.images, clean: counts.count - 1)
    let areas = (
      insertion: inserted.map { CurveArea.area($0, at: shares) },
      deletion: deleted.map { CurveArea.area($0, at: shares) }
    )
    return BatchScores(
      indices: batch.indices,
      scores: [
        "insertion-minus-deletion": zip(areas.insertion, areas.deletion).map { $0 - $1 },
        "insertion": areas.insertion, "deletion": areas.deletion,
      ],
      curves: [
        "insertion": MeasuredCurves(places: .shares(shares), values: inserted),
        "deletion": MeasuredCurves(places: .shares(shares), values: deleted),
      ])
  }
}
