public import SmootAutodiff
public import SmootTensor

/// How far the sum of a map is from the difference that it should explain: f(x) - f(baseline).
///
/// The error is the magnitude of the gap, and the relative error that divided by the magnitude of the difference. Source: Sundararajan et al., Axiomatic Attribution for Deep
/// Networks, 2017, proposition 1. Captum's convergence delta is the gap with its sign; Quantus only asks whether both numbers are equal to the last bit.
public struct CompletenessError: FaithfulnessMeasure {
  /// What the difference is taken to.
  public var baseline = RemovalFill.zero
  /// The score that the map explains.
  public var score = ScoreKind.logit
  /// Where the noise of ``RemovalFill/uniform`` comes from.
  public var seed: UInt64 = 1

  /// The measure with its default options.
  public init() {}

  /// What the measure is.
  public static let information = MeasureInformation(
    "completeness", title: "Completeness",
    summary: "gap between the sum of the map and the change of the score from a baseline",
    source: "Sundararajan et al., 2017")

  /// The gap, and the gap relative to the difference.
  public static let scores = [
    ScoreDescription("completeness-error", "Completeness error", .lower),
    ScoreDescription("relative-completeness-error", "Relative completeness error", .lower),
  ]

  /// The options.
  public static var options: [MeasureOption<Self>] {
    [
      .choice("baseline", \.baseline, "what the difference is taken to"),
      .choice("score", \.score, "the score that the map explains"),
      .seed(\.seed),
    ]
  }

  /// One pass.
  public func cost(for size: ImageSize) -> MeasureCost { MeasureCost(forwardPasses: 1) }

  /// The gap of each image.
  public func measure(
    _ explanation: Explanation, of batch: EvaluationBatch
  ) throws(MeasureError) -> BatchScores {
    let key = RandomKey(seed: seed).derived("completeness baseline")
    let behind = baseline.replacement(
      for: batch.images, keys: batch.indices.map { key.derived($0) })
    let values = batch.valuesPerImage
    let logits = withPointers(behind) { behind in
      batch.logits(rows: batch.count) { image, target in
        target.update(from: behind + image * values, count: values)
      }
    }
    let differences = zip(
      batch.targetScores(batch.logits, score), batch.targetScores(logits, score)
    ).map { $0 - $1 }
    let perImage = explanation.maps.count / max(1, batch.count)
    let sums = explanation.maps.withUnsafeElements { maps in
      (0..<batch.count).map { image in
        maps[image * perImage..<(image + 1) * perImage].reduce(0.0) { $0 + Double($1) }
      }
    }
    let errors = zip(sums, differences).map { abs($0 - $1) }
    return BatchScores(
      indices: batch.indices,
      scores: [
        "completeness-error": errors,
        "relative-completeness-error": zip(errors, differences).map {
          $1 == 0 ? nil : $0 / abs($1)
        },
      ])
  }
}
