import Foundation
public import SmootAttribution
public import SmootAutodiff
public import SmootDatasets
import SmootMasking
public import SmootNN
import SmootTensor

/// The accuracy that is left when the most salient pixels are removed: the lower the curve, the more the saliency knew.
///
/// For each share d the top max(1, d x pixels) of each image, ranked on the clean image, are replaced at once, and the accuracy over all images is measured; the model is not
/// trained again, and at 0 % nothing is removed. Source: Ismail et al., 2021, section 4, and Karkehabadi et al., 2023, table 1; ``Options`` names what they leave open.
public struct AccuracyDrop: Sendable {
  /// The choices of the measure.
  public struct Options: Sendable, Equatable, Codable {
    /// The shares of removed pixels, in percent, ascending.
    public var percent: [Int] = Array(stride(from: 0, through: 90, by: 10))
    /// What removed pixels become.
    public var fill = RemovalFill.corner
    /// In which order pixels are removed.
    public var order = RemovalOrder.abs
    /// Which class the saliency explains.
    public var target = SaliencyTarget.label
    /// What is differentiated.
    public var score = "logprob"
    /// How the gradient's channels are put together.
    public var reduce = ChannelReduction.absThenMean
    /// Whether the area is divided by the span of the shares.
    public var isNormalized = false
    /// Where the random order and the noise come from.
    public var seed: UInt64 = 1

    /// The default choices.
    public init() {}
  }

  /// The choices of the measure.
  public let options: Options
  private let saliency: InputGradient

  /// Prepares a measurement.
  public init(options: Options, score: ScoreKind = .logprob) {
    var options = options
    options.score = score.rawValue
    self.options = options
    saliency = InputGradient(score: score, target: options.target)
  }

  /// How many images of a data set are right at each share.
  ///
  /// - Parameters:
  ///   - model: the network.
  ///   - dataset: the images.
  ///   - places: which of them.
  /// - Returns: for each share the number of images classified as labelled.
  public func hits(of model: any Classifier, on dataset: ImageDataset, places: [Int]) -> [Int] {
    let batch = dataset.batch(places)
    let tape = Tape()
    let input = options.order == .random ? Variable(batch.images) : tape.variable(batch.images)
    let logits = model.logits(input, .evaluation(tape: options.order == .random ? nil : tape))
    let ranking = SaliencyOrder(descending: relevance(batch, input, logits))
    let key = RandomKey(seed: options.seed).derived("removal fill").derived(batch.indices[0])
    let replacement = options.fill.replacement(for: batch.images, key: key)
    var images = batch.images
    var removed = 0
    return options.percent.map { percent in
      if percent == 0 { return logits.value.correctCount(batch.labels) }
      let count = max(1, ranking.elements * percent / 100)
      images.replace(ranking, removed..<count, by: replacement)
      removed = count
      return model.logits(Variable(images), .evaluation()).value.correctCount(batch.labels)
    }
  }

  /// The accuracies of some counts of right answers, in percent.
  public static func curve(hits: [Int], count: Int) -> [Double] {
    hits.map { count > 0 ? 100 * Double($0) / Double(count) : 0 }
  }

  /// The area under a curve by the trapezoid rule: accuracy in percent times the share removed.
  public func area(under curve: [Double]) -> Double {
    let shares = options.percent.map { Double($0) / 100 }
    var area = 0.0
    for index in 1..<max(1, curve.count) {
      area += (shares[index] - shares[index - 1]) * (curve[index] + curve[index - 1]) / 2
    }
    guard options.isNormalized, let first = shares.first, let last = shares.last, last > first
    else { return area }
    return area / (last - first)
  }

  /// [batch, pixels].
  private func relevance(_ batch: LabeledBatch, _ input: Variable, _ logits: Variable) -> Tensor {
    guard options.order != .random else {
      let pixels = batch.images.shape[2] * batch.images.shape[3]
      let key = RandomKey(seed: options.seed).derived("random order")
      return Tensor(
        batch.indices.flatMap { index in
          let key = key.derived(index)
          return (0..<pixels).map { key.uniform(at: UInt64($0)) }
        }, shape: [batch.labels.count, pixels])
    }
    let gradient = saliency.gradients(of: logits, withRespectTo: input, labels: batch.labels)
    let reduction =
      options.order == .signed && options.reduce == .absThenMean
      ? .meanThenAbs : options.reduce
    return Saliency.ofPixels(gradient, reduction, isAbsolute: options.order == .abs)
  }
}

extension Tensor {
  /// Replaces, in all channels of each image, the pixels at some ranks.
  mutating func replace(
    _ order: SaliencyOrder, _ ranks: Range<Int>, by replacement: Tensor
  ) {
    let (batch, channels, pixels) = (shape[0], shape[1], shape[2] * shape[3])
    withPointers(replacement) { source in
      withMutablePointer { target in
        for image in 0..<batch {
          for rank in ranks {
            let pixel = Int(order.indices[image * pixels + rank])
            for channel in 0..<channels {
              let at = (image * channels + channel) * pixels + pixel
              target[at] = source[at]
            }
          }
        }
      }
    }
  }
}
