import Foundation
public import SmootAttribution
import SmootMasking
public import SmootTensor

/// How few pixels a map is made of.
///
/// Sparseness is the Gini index of the magnitudes, 0 for a constant map and nearly 1 for a single pixel; complexity the entropy of their shares, from 0 to log(pixels); effective
/// complexity the number of pixels above a threshold. Magnitudes are divided by the greatest of the same map first; Quantus divides by the greatest of all maps that it is given
/// together, so that there a score depends on the other images. A map that is 0 everywhere has no sparseness and no complexity.
/// Sources: Chalasani et al., Concise Explanations of Neural Networks using Adversarial Training, 2020; Bhatt et al., Evaluating and Aggregating Feature-based Model Explanations,
/// 2020; Nguyen and Martínez, On Quantitative Aspects of Model Interpretability, 2020.
public struct MapComplexity: FaithfulnessMeasure {
  /// The share of the greatest magnitude above which a pixel counts for the effective complexity.
  public var threshold = 1e-5
  /// How several channels of a map become one number.
  public var channels = ChannelReduction.absThenMean

  /// The measure with its default options.
  public init() {}

  /// What the measure is.
  public static let information = MeasureInformation(
    "complexity", title: "Complexity of the map",
    summary: "how few pixels the map is made of: Gini index, entropy, number above a threshold",
    source: "Chalasani et al., 2020; Bhatt et al., 2020; Nguyen and Martínez, 2020")

  /// The three numbers.
  public static let scores = [
    ScoreDescription("sparseness", "Sparseness (Gini)", .higher),
    ScoreDescription("entropy", "Complexity (entropy)", .lower),
    ScoreDescription("effective-complexity", "Effective complexity", .lower),
  ]

  /// The options.
  public static var options: [MeasureOption<Self>] {
    [
      .number("threshold", \.threshold, in: 0...1, "share of the maximum that a pixel must exceed"),
      .choice("channels", \.channels, "how channels of a map become one number"),
    ]
  }

  /// No passes.
  public func cost(for size: ImageSize) -> MeasureCost { MeasureCost() }

  /// The scores of each map.
  public func measure(
    _ explanation: Explanation, of batch: EvaluationBatch
  ) throws(MeasureError) -> BatchScores {
    let maps = explanation.pixels(.abs, channels)
    let order = SaliencyOrder(descending: maps)
    let pixels = batch.size.pixels
    let scores = maps.withUnsafeElements { maps in
      (0..<batch.count).map { image in
        // From the greatest to the least.
        self.scores(
          (0..<pixels).map { rank in
            Double(maps[image * pixels + Int(order.indices[image * pixels + rank])])
          })
      }
    }
    return BatchScores(
      indices: batch.indices,
      scores: [
        "sparseness": scores.map(\.gini), "entropy": scores.map(\.entropy),
        "effective-complexity": scores.map(\.effective),
      ])
  }

  /// The scores of magnitudes in descending order.
  private func scores(
    _ sorted: [Double]
  ) -> (gini: Double?, entropy: Double?, effective: Double?) {
    guard let greatest = sorted.first, greatest > 0 else { return (nil, nil, 0) }
    let count = Double(sorted.count)
    let sum = sorted.reduce(0, +)
    var (weighted, shifted, entropy) = (0.0, 0.0, 0.0)
    for (rank, value) in sorted.enumerated() {
      let magnitude = value / greatest + 1e-7
      weighted += (count - 1 - 2 * Double(rank)) * magnitude
      shifted += magnitude
      let share = value / sum
      entropy -= share * log(share + 1e-12)
    }
    return (
      weighted / (count * shifted), entropy,
      Double(sorted.count { $0 / greatest > threshold })
    )
  }
}
