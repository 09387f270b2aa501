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
/// This measures the input gradient of a data set; ``AccuracyDropMeasure`` takes the maps of any method.
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

  /// Images whose gradients are computed together: what a deep network remembers of more would fill memory that the system has to clear first.
  private static let explainedAtOnce = 32

  /// How many images of a data set are right at each share.
  ///
  /// - Parameters:
  ///   - model: the network.
  ///   - dataset: the images.
  ///   - places: which of them.
  /// - Returns: for each share the number of images classified as labelled.
  public func hits(of model: any Classifier, on dataset: ImageDataset, places: [Int]) -> [Int] {
    let images = dataset.batch(places)
    var (logits, relevances): ([Tensor], [Tensor]) = ([], [])
    for start in stride(from: 0, to: places.count, by: Self.explainedAtOnce) {
      let piece = images[start..<min(places.count, start + Self.explainedAtOnce)]
      let input =
        options.order == .random ? Variable(piece.images) : Tape().variable(piece.images)
      let found = model.logits(input, .evaluation())
      logits.append(found.value)
      relevances.append(relevance(piece, input, found))
    }
    let ranking = SaliencyOrder(descending: .concatenated(relevances, axis: 0))
    let key = RandomKey(seed: options.seed).derived("removal fill").derived(images.indices[0])
    let batch = EvaluationBatch(
      images: images.images, labels: images.labels, indices: images.indices, model: model,
      logits: .concatenated(logits, axis: 0), rowsPerPass: images.labels.count)
    let right = Self.rightAnswers(
      batch, ranking, options.fill.replacement(for: images.images, key: key), options.percent)
    return right.map { $0.count { $0 } }
  }

  /// Whether each image is right at each share.
  ///
  /// - Parameters:
  ///   - batch: the images and the network.
  ///   - ranking: in which order pixels are removed.
  ///   - replacement: what they become; [batch, channels, height, width].
  ///   - percent: the shares.
  /// - Returns: [shares][images].
  static func rightAnswers(
    _ batch: EvaluationBatch, _ ranking: SaliencyOrder, _ replacement: Tensor, _ percent: [Int]
  ) -> [[Bool]] {
    let counts = percent.map { $0 == 0 ? 0 : max(1, ranking.elements * $0 / 100) }
    let path = PerturbationPath(
      start: batch.images, end: replacement, order: ranking, counts: counts)
    let clean = counts.indices.filter { counts[$0] == 0 }
    let known = Dictionary(uniqueKeysWithValues: clean.map { ($0, batch.logits) })
    return path.logits(of: batch, known: known).map(batch.isRight)
  }

  /// The accuracies of some counts of right answers, in percent.
  public static func curve(hits: [Int], count: Int) -> [Double] {
    hits.map { count > 0 ? 100 * Double($0) / Double(count) : 0 }
  }

  /// The area under a curve by the trapezoid rule: accuracy in percent times the share removed.
  public func area(under curve: [Double]) -> Double {
    let shares = options.percent.map { Double($0) / 100 }
    let area = CurveArea.area(curve, at: Array(shares.prefix(curve.count)))
    guard options.isNormalized, let first = shares.first, let last = shares.last, last > first
    else { return area }
    return area / (last - first)
  }

  /// [batch, pixels].
  private func relevance(_ batch: LabeledBatch, _ input: Variable, _ logits: Variable) -> Tensor {
    guard options.order != .random else {
      let pixels = batch.images.shape[2] * batch.images.shape[3]
      return RandomMaps.maps(indices: batch.indices, pixels: pixels, seed: options.seed)
    }
    let gradient = saliency.gradients(of: logits, withRespectTo: input, labels: batch.labels)
    let reduction =
      options.order == .signed && options.reduce == .absThenMean
      ? .meanThenAbs : options.reduce
    return Saliency.ofPixels(gradient, reduction, isAbsolute: options.order == .abs)
  }
}
