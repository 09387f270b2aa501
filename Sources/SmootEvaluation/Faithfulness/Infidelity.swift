public import SmootAutodiff
import SmootNN
public import SmootTensor

/// How badly a map predicts what perturbations of the image do to the score: the mean of (I · map - (f(x) - f(x - I)))^2 over perturbations I.
///
/// Source: Yeh et al., On the (In)fidelity and Sensitivity of Explanations, 2019, definition 2.1. Captum leaves the perturbations to its user; the noise here is the paper's Gaussian.
/// A map for pixels counts for each of their channels.
public struct Infidelity: FaithfulnessMeasure {
  /// What perturbs the image.
  public enum Perturbation: String, Sendable, Codable, CaseIterable {
    /// Normal noise on all values.
    case noise
    /// A square at a random place becomes the baseline (the paper's square removal).
    case square
    /// The blocks of a grid become the baseline one after the other, and stay it (Quantus).
    case blocks
  }

  /// What perturbs the image.
  public var perturbation = Perturbation.noise
  /// How many perturbations of each image; the blocks' number is given by the grid.
  public var samples = 10
  /// The standard deviation of the noise, in normalized units.
  public var deviation = 0.2
  /// The pixels a side of squares and blocks.
  public var side = 4
  /// What squares and blocks become.
  public var baseline = RemovalFill.zero
  /// The score that the map explains.
  public var score = ScoreKind.logit
  /// Which form of the map counts.
  public var values = MapValues.signed
  /// Whether the map is scaled by the factor that suits it best, so that its unit does not matter.
  public var isNormalized = false
  /// Where perturbations come from.
  public var seed: UInt64 = 1
  /// The perturbation I [channels x pixels] of a sample of an image, instead of a drawn one: to replay those of another implementation.
  public var replayed: (@Sendable (_ index: Int, _ sample: Int) -> [Float])?

  /// The measure with its default options.
  public init() {}

  /// What the measure is.
  public static let information = MeasureInformation(
    "infidelity", title: "Infidelity",
    summary: "squared error of the map as a prediction of what perturbations do to the score",
    source: "Yeh et al., 2019")

  /// The mean squared error.
  public static let scores = [ScoreDescription("infidelity", "Infidelity", .lower)]

  /// The options.
  public static var options: [MeasureOption<Self>] {
    [
      .choice("perturbation", \.perturbation, "what perturbs the image"),
      .integer("samples", \.samples, in: 1...1_000_000, "perturbations of each image"),
      .number("deviation", \.deviation, in: 0...1000, "standard deviation of the noise"),
      .integer("side", \.side, in: 1...4096, "pixels a side of squares and blocks"),
      .choice("baseline", \.baseline, "what squares and blocks become"),
      .choice("score", \.score, "the score that the map explains"),
      .choice("values", \.values, "which form of the map counts"),
      .flag("normalized", \.isNormalized, "whether the map is scaled to suit best"),
      .seed(\.seed),
    ]
  }

  /// How many perturbed images there are of each image.
  private func samples(_ size: ImageSize) -> Int {
    guard perturbation == .blocks, replayed == nil else { return samples }
    return ((size.height + side - 1) / side) * ((size.width + side - 1) / side)
  }

  /// One pass for each perturbation.
  public func cost(for size: ImageSize) -> MeasureCost {
    MeasureCost(forwardPasses: samples(size))
  }

  /// The mean squared error of each image.
  public func measure(
    _ explanation: Explanation, of batch: EvaluationBatch
  ) throws(MeasureError) -> BatchScores {
    if replayed == nil, perturbation != .noise {
      guard side <= min(batch.size.height, batch.size.width) else {
        throw .unfit(
          measure: Self.information.name,
          reason: "squares of \(side) x \(side) pixels do not fit images of \(batch.size)")
      }
    }
    let samples = samples(batch.size)
    let map = explanation.values(values, of: batch)  // [batch, channels x pixels]
    let key = RandomKey(seed: seed).derived("infidelity")
    let behind = baseline.replacement(
      for: batch.images, keys: batch.indices.map { key.derived("baseline").derived($0) })
    let noise = DrawnNoise(
      distribution: .normal(deviation: deviation), key: key, replayed: replayed)
    let values = batch.valuesPerImage
    var predicted = [Double](repeating: 0, count: batch.count * samples)
    let logits = predicted.withUnsafeMutableBufferPointer { predicted in
      withPointers(batch.images, behind, map) { images, behind, map in
        batch.logits(rows: predicted.count) { row, target in
          let (image, sample) = (row / samples, row % samples)
          let start = images + image * values
          if perturbation == .noise || replayed != nil {
            noise.write(target, count: values, index: batch.indices[image], sample: sample)
          } else {
            writeRemoval(
              target, of: start, behind + image * values, batch.size,
              key.derived(batch.indices[image]).derived(sample), sample)
          }
          // The target holds I; it becomes x - I.
          var sum = 0.0
          for value in 0..<values {
            sum += Double(target[value]) * Double(map[image * values + value])
            target[value] = start[value] - target[value]
          }
          predicted[row] = sum
        }
      }
    }
    let scores = targetScores(logits, batch, samples)
    let clean = batch.targetScores(batch.logits, score)
    let found = (0..<batch.count).map { image in
      let rows = image * samples..<(image + 1) * samples
      return error(
        predicted: Array(predicted[rows]), actual: rows.map { clean[image] - scores[$0] })
    }
    return BatchScores(indices: batch.indices, scores: ["infidelity": found])
  }

  /// The score of each row's class.
  private func targetScores(
    _ logits: Tensor, _ batch: EvaluationBatch, _ samples: Int
  ) -> [Double] {
    let classes = batch.targets.flatMap { Array(repeating: $0, count: samples) }
    return Variable(logits).score(ofClasses: classes, score).value.scalars.map(Double.init)
  }

  /// The perturbation I that removes a square, or the blocks of a grid up to one.
  private func writeRemoval(
    _ target: UnsafeMutablePointer<Float>, of image: UnsafePointer<Float>,
    _ behind: UnsafePointer<Float>, _ size: ImageSize, _ key: RandomKey, _ sample: Int
  ) {
    let columns = (size.width + side - 1) / side
    let top = key.integer(below: size.height - side + 1, at: 0)
    let left = key.integer(below: size.width - side + 1, at: 1)
    for row in 0..<size.height {
      for column in 0..<size.width {
        let isRemoved =
          perturbation == .square
          ? (top..<top + side).contains(row) && (left..<left + side).contains(column)
          : row / side * columns + column / side <= sample
        for channel in 0..<size.channels {
          let place = (channel * size.height + row) * size.width + column
          target[place] = isRemoved ? image[place] - behind[place] : 0
        }
      }
    }
  }

  /// The mean squared error of predictions.
  private func error(predicted: [Double], actual: [Double]) -> Double {
    var factor = 1.0
    if isNormalized {
      let squares = predicted.reduce(0) { $0 + $1 * $1 }
      let products = zip(predicted, actual).reduce(0) { $0 + $1.0 * $1.1 }
      // A map that predicts nothing stays so.
      factor = squares > 0 ? products / squares : 0
    }
    let sum = zip(predicted, actual).reduce(0) { sum, pair in
      let gap = factor * pair.0 - pair.1
      return sum + gap * gap
    }
    return sum / Double(max(1, predicted.count))
  }
}
