public import SmootAttribution
import SmootAutodiff
public import SmootDatasets
import SmootMasking
public import SmootNN
import SmootTensor

/// The probability of the label while more and more of the most salient pixels are masked: figure 1 of the SMOOT paper.
///
/// An image is of class I when its probability is highest unmasked, and of class II when masking some share raises it.
public struct MaskingStudy: Sendable {
  /// The curve of one image.
  public struct Curve: Codable, Sendable, Equatable {
    /// The image's place in the data set.
    public let index: Int
    /// Its class.
    public let label: Int
    /// The probability of the label at each share.
    public let probability: [Double]
    /// Whether the highest probability is not the unmasked one.
    public let isClassTwo: Bool
  }

  /// The shares of masked pixels, in percent.
  public let percent: [Int]
  /// What masked pixels become.
  public let fill: RemovalFill
  private let saliency: InputGradient
  private let isAbsolute: Bool

  /// Prepares a study; the shares begin with 0.
  public init(
    percent: [Int] = Array(stride(from: 0, through: 90, by: 5)), fill: RemovalFill = .corner,
    saliency: InputGradient = InputGradient(), isAbsolute: Bool = false
  ) {
    precondition(percent.first == 0, "a masking study begins with the unmasked image")
    self.percent = percent
    self.fill = fill
    self.saliency = saliency
    self.isAbsolute = isAbsolute
  }

  /// The curves of some images.
  public func curves(
    of model: any Classifier, on dataset: ImageDataset, places: [Int]
  ) -> [Curve] {
    let batch = dataset.batch(places)
    let result = saliency(batch.images, labels: batch.labels, model: model)
    let relevance = Saliency.ofPixels(result.gradients, .meanThenAbs, isAbsolute: isAbsolute)
    let order = SaliencyOrder(descending: relevance)
    let replacement = fill.replacement(for: batch.images, key: RandomKey(seed: 1))
    var images = batch.images
    var removed = 0
    var byShare: [[Float]] = []
    for share in percent {
      let count = order.elements * share / 100
      images.replace(order, removed..<max(removed, count), by: replacement)
      removed = max(removed, count)
      let logits = share == 0 ? result.logits : model.logits(Variable(images), .evaluation()).value
      let probabilities = logits.softmaxOfRows.scalars
      let classes = logits.shape[1]
      byShare.append(
        batch.labels.enumerated().map { probabilities[$0.offset * classes + Int($0.element)] })
    }
    return batch.indices.enumerated().map { row, index in
      let probability = byShare.map { Double($0[row]) }
      return Curve(
        index: index, label: Int(batch.labels[row]), probability: probability,
        isClassTwo: probability.dropFirst().contains { $0 > probability[0] })
    }
  }
}
