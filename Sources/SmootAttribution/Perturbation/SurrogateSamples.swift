import SmootNN
import SmootTensor

/// The choices of features that a surrogate model of one image is fitted to, with the scores behind them.
struct SurrogateSamples {
  /// For each sample which features are on.
  let choices: [[Bool]]
  /// The scores.
  let scores: [Double]
  /// What the samples weigh.
  let weights: [Double]

  /// Scores choices piece by piece.
  ///
  /// - Parameters:
  ///   - choices: for each sample which features are on.
  ///   - image: [1, channels, height, width].
  ///   - target: the class.
  ///   - superpixels: the features.
  ///   - cover: what stands in the place of features that are off.
  ///   - model: the network.
  ///   - context: the score and the pieces.
  ///   - weight: what a sample weighs, by its choice and its picture.
  init(
    _ choices: [[Bool]], of image: Tensor, _ target: Int32, _ superpixels: Superpixels,
    cover: Float, _ model: any Classifier, _ context: AttributionContext,
    weight: ([Bool], UnsafeBufferPointer<Float>) -> Double
  ) {
    var (scores, weights) = ([Double](), [Double]())
    context.forEachPiece(of: choices.count) { piece in
      let copies = superpixels.copies(of: image, choices[piece], cover: cover)
      scores += model.scores(copies, ofClass: target, context.score).map(Double.init)
      copies.withUnsafeElements { values in
        for (index, choice) in choices[piece].enumerated() {
          let start = index * image.count
          weights.append(
            weight(choice, UnsafeBufferPointer(rebasing: values[start..<start + image.count])))
        }
      }
    }
    self.choices = choices
    self.scores = scores
    self.weights = weights
  }

  /// The linear model's equations.
  var regression: WeightedRegression { WeightedRegression(choices, scores, weights: weights) }

  /// Choices from numbers that a reference drew.
  ///
  /// - Parameters:
  ///   - numbers: [samples, features], where 0 is off.
  ///   - features: how many there must be.
  static func choices(
    _ numbers: FrozenTensor, features: Int
  ) throws(AttributionError) -> [[Bool]] {
    guard numbers.shape.rank == 2, numbers.shape[1] == features else {
      throw .badData(
        "samples have shape \(numbers.shape), expected [samples, \(features)]")
    }
    return (0..<numbers.shape[0]).map { sample in
      numbers.scalars[sample * features..<(sample + 1) * features].map { $0 != 0 }
    }
  }
}
