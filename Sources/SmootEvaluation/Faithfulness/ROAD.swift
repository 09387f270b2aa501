public import SmootAttribution
import SmootAutodiff
import SmootMasking
import SmootNN
public import SmootTensor

/// Remove and debias: the score or the accuracy while pixels are imputed from their neighbours, the most and the least relevant first.
///
/// ``combined`` is half the mean distance between both curves: how much more the image without its least relevant pixels is worth than the image without its most relevant ones.
/// Source: Rong et al., A Consistent and Efficient Evaluation Strategy for Attribution Methods, 2022. Following pytorch-grad-cam, scores are followed, at 10 to 90 %; with
/// ``Followed/accuracy`` the curve of the most relevant is what Quantus calls ROAD. Both of them draw noise without keeping its seed.
public struct ROAD: FaithfulnessMeasure {
  /// What the curves are made of.
  public enum Followed: String, Sendable, Codable, CaseIterable {
    /// The probability of the explained class.
    case prob
    /// Its logit.
    case logit
    /// Its log-probability.
    case logprob
    /// 1 where the image is right, else 0.
    case accuracy
  }

  /// How a share of pixels becomes a number of them.
  public enum Rounding: String, Sendable, Codable, CaseIterable {
    /// floor(pixels x share), as in Quantus.
    case floor
    /// All that are not below the percentile of the rest, as NumPy interpolates it: what pytorch-grad-cam removes.
    case percentile

    /// How many of `pixels` pixels are imputed.
    public func count(_ percent: Int, of pixels: Int) -> Int {
      switch self {
      case .floor: pixels * percent / 100
      case .percentile: pixels - ((pixels - 1) * (100 - percent) + 99) / 100
      }
    }
  }

  /// The shares of imputed pixels, in percent.
  public var percent: [Int] = Array(stride(from: 10, through: 90, by: 10))
  /// What the curves are made of.
  public var score = Followed.prob
  /// How a share becomes a number of pixels.
  public var rounding = Rounding.floor
  /// Which form of the map ranks the pixels.
  public var values = MapValues.signed
  /// How several channels of a map become one number.
  public var channels = ChannelReduction.absThenMean
  /// The standard deviation of the noise, in normalized units.
  public var noise = 0.01
  /// Where the noise comes from.
  public var seed: UInt64 = 1

  /// The measure with its default options.
  public init() {}

  /// What the measure is.
  public static let information = MeasureInformation(
    "road", title: "ROAD",
    summary: "least against most relevant pixels imputed from their neighbours",
    source: "Rong et al., 2022")

  /// The combined score and both curves' means.
  public static let scores = [
    ScoreDescription("road", "ROAD", .higher),
    ScoreDescription("road-most-relevant-first", "ROAD, most relevant first", .lower),
    ScoreDescription("road-least-relevant-first", "ROAD, least relevant first", .higher),
  ]

  /// The options.
  public static var options: [MeasureOption<Self>] {
    [
      .percentages("percent", \.percent, in: 1...99, "shares of imputed pixels, in percent"),
      .choice("score", \.score, "what is followed: a score of the class, or the accuracy"),
      .choice("rounding", \.rounding, "how a share becomes a number of pixels"),
      .choice("values", \.values, "which form of the map ranks the pixels"),
      .choice("channels", \.channels, "how channels of a map become one number"),
      .number("noise", \.noise, in: 0...10, "standard deviation of the noise"),
      .seed(\.seed),
    ]
  }

  /// One pass for each share of both curves.
  public func cost(for size: ImageSize) -> MeasureCost {
    MeasureCost(forwardPasses: 2 * percent.count)
  }

  /// Both curves of each image, their means, and half the distance of the means.
  public func measure(
    _ explanation: Explanation, of batch: EvaluationBatch
  ) throws(MeasureError) -> BatchScores {
    guard batch.size.pixels > 1 else {
      throw .unfit(
        measure: Self.information.name, reason: "an image of one pixel has no neighbours")
    }
    let order = SaliencyOrder(descending: explanation.pixels(values, channels))
    let logits = logits(order, batch)  // [batch, 2 x shares, classes]
    let (shares, classes) = (percent.count, batch.model.classCount)
    let byStep = logits.permuted([1, 0, 2])
    let steps = (0..<2 * shares).map { step -> [Double] in
      let logits = byStep.sliced(axis: 0, step..<step + 1).reshaped(to: [batch.count, classes])
      return followed(logits, batch)
    }
    let curves = (0..<batch.count).map { image in steps.map { $0[image] } }
    let most = curves.map { Array($0.prefix(shares)) }
    let least = curves.map { Array($0.suffix(shares)) }
    func mean(_ curve: [Double]) -> Double? {
      curve.isEmpty ? nil : curve.reduce(0, +) / Double(curve.count)
    }
    let means = (most: most.map(mean), least: least.map(mean))
    let places = MeasuredCurves.Places.shares(percent.map { Double($0) / 100 })
    return BatchScores(
      indices: batch.indices,
      scores: [
        "road": zip(means.most, means.least).map { most, least in
          most.flatMap { most in least.map { ($0 - most) / 2 } }
        },
        "road-most-relevant-first": means.most, "road-least-relevant-first": means.least,
      ],
      curves: [
        "most relevant first": MeasuredCurves(places: places, values: most),
        "least relevant first": MeasuredCurves(places: places, values: least),
      ])
  }

  /// The logits of the imputed images: first those without their most relevant pixels, then those without their least relevant ones; [batch, 2 x shares, classes].
  private func logits(_ order: SaliencyOrder, _ batch: EvaluationBatch) -> Tensor {
    let pixels = order.elements
    // Never all of them: something must be known.
    let counts = percent.map { min(pixels - 1, rounding.count($0, of: pixels)) }
    let imputation = NoisyLinearImputation(noise: noise)
    let solvers = SolverPool(height: batch.size.height, width: batch.size.width)
    let key = RandomKey(seed: seed).derived("ROAD noise")
    let ranks = order.ranks
    let steps = 2 * counts.count
    let logits = withPointers(batch.images) { images in
      batch.logits(rows: batch.count * steps) { row, target in
        let (image, step) = (row / steps, row % steps)
        let count = counts[step % counts.count]
        target.update(from: images + image * batch.valuesPerImage, count: batch.valuesPerImage)
        let imputed = step < counts.count ? 0..<count : pixels - count..<pixels
        imputation.fill(
          target, channels: batch.size.channels,
          key: key.derived(batch.indices[image]).derived(step / counts.count)
            .derived(percent[step % counts.count]), solvers: solvers
        ) { imputed.contains(Int(ranks[image * pixels + $0])) }
      }
    }
    return logits.reshaped(to: [batch.count, steps, batch.model.classCount])
  }

  /// What is followed, for each image.
  private func followed(_ logits: Tensor, _ batch: EvaluationBatch) -> [Double] {
    switch score {
    case .prob: batch.targetScores(logits, .prob)
    case .logit: batch.targetScores(logits, .logit)
    case .logprob: batch.targetScores(logits, .logprob)
    case .accuracy: batch.isRight(logits).map { $0 ? 1 : 0 }
    }
  }
}
