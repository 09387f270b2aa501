import Foundation
public import SmootNN
public import SmootTensor

/// The coefficients of a linear model of the score, fitted near the image to samples in which superpixels are covered at random.
///
/// Ribeiro, Singh and Guestrin, "Why Should I Trust You?" Explaining the Predictions of Any Classifier, 2016, equation 1. Superpixels are the cells of a regular grid. Penalty and
/// distances are those of Captum; its 25 samples are too few for 49 superpixels, so that 500 are usual here.
public struct LIME: AttributionMethod {
  /// What keeps coefficients small.
  public enum Penalty: String, Sendable, Codable, CaseIterable {
    /// The sum of the magnitudes, which makes most coefficients zero; Captum's choice.
    case lasso
    /// The sum of the squares; Xplique's choice.
    case ridge
  }

  /// How far a sample is from the image.
  public enum Distance: String, Sendable, Codable, CaseIterable {
    /// One minus the cosine of the angle between the pictures.
    case cosine
    /// The length of the difference of the pictures.
    case euclidean
  }

  /// How many samples.
  public var samples: Int
  /// Rows and columns of the grid of superpixels.
  public var cells: Int
  /// What keeps coefficients small.
  public var penalty: Penalty
  /// How much it counts: scikit-learn's alpha.
  public var strength: Float
  /// How far a sample is from the image.
  public var distance: Distance
  /// Samples weigh exp(-distance^2 / (2 width^2)).
  public var width: Float
  /// What covers, in normalized values.
  public var cover: Float
  /// Choices to be used instead of drawn ones, [samples, superpixels] with 0 for covered, for every image.
  public var choices: Tensor? {
    get { replayed?.tensor }
    set { replayed = newValue.map { FrozenTensor($0) } }
  }
  private var replayed: FrozenTensor?

  /// Makes the method.
  public init(
    samples: Int = 500, cells: Int = 7, penalty: Penalty = .lasso, strength: Float = 0.01,
    distance: Distance = .cosine, width: Float = 1, cover: Float = 0
  ) {
    self.samples = samples
    self.cells = cells
    self.penalty = penalty
    self.strength = strength
    self.distance = distance
    self.width = width
    self.cover = cover
  }

  /// The method from options by name.
  public init(_ options: MethodOptions) throws(AttributionError) {
    self.init(
      samples: try options.integer("samples", usual: 500, in: 1...1_000_000),
      cells: try options.integer("cells", usual: 7, in: 1...32),
      penalty: try options.choice("penalty", usual: .lasso),
      strength: try options.number("strength", usual: 0.01, in: 0...1e6),
      distance: try options.choice("distance", usual: .cosine),
      width: try options.number("width", usual: 1, in: 1e-6...1e6),
      cover: try options.number("cover", usual: 0, in: -1000...1000))
  }

  /// For lists and help.
  public static let description = MethodDescription(
    name: "lime", family: .perturbation,
    summary: "a linear model of the score on covered superpixels of a grid", cost: "samples x F",
    options: [
      MethodOption("samples", 500, "how many samples"),
      MethodOption("cells", 7, "rows and columns of the grid of superpixels"),
      MethodOption("penalty", "lasso", "what keeps coefficients small: lasso or ridge"),
      MethodOption("strength", 0.01, "how much the penalty counts"),
      MethodOption("distance", "cosine", "of a sample from the image: cosine or euclidean"),
      MethodOption("width", 1, "of the kernel that turns distances into weights"),
      MethodOption("cover", 0, "what covers, in normalized values"),
    ])

  /// The maps, [batch, 1, height, width].
  public func attribute(
    _ images: Tensor, targets: [Int32], model: any Classifier, _ context: AttributionContext
  ) throws(AttributionError) -> Attribution {
    let superpixels = Superpixels(cells: cells, height: images.shape[2], width: images.shape[3])
    var maps: [Tensor] = []
    for (place, target) in targets.enumerated() {
      let image = images.sliced(axis: 0, place..<place + 1)
      let original = image.scalars
      let choices =
        try replayed.map { (numbers) throws(AttributionError) in
          try SurrogateSamples.choices(numbers, features: superpixels.count)
        }
        ?? (0..<samples).map { sample in
          let key = context.key("choices", image: place, sample: sample)
          return (0..<superpixels.count).map { key.uniform(at: UInt64($0)) < 0.5 }
        }
      let samples = SurrogateSamples(
        choices, of: image, target, superpixels, cover: cover, model, context
      ) { _, picture in weight(original, picture) }
      let coefficients =
        penalty == .lasso
        ? samples.regression.lasso(penalty: Double(strength))
        : samples.regression.ridge(penalty: Double(strength))
      maps.append(superpixels.map(coefficients))
    }
    return Attribution(.concatenated(maps, axis: 0), hasGradient: false)
  }

  private func weight(_ original: [Float], _ picture: UnsafeBufferPointer<Float>) -> Double {
    var (product, own, other, squares) = (0.0, 0.0, 0.0, 0.0)
    for (a, b) in zip(original, picture) {
      let (a, b) = (Double(a), Double(b))
      product += a * b
      own += a * a
      other += b * b
      squares += (a - b) * (a - b)
    }
    let lengths = max((own * other).squareRoot(), 1e-8)
    let away = distance == .cosine ? 1 - product / lengths : squares.squareRoot()
    return exp(-away * away / (2 * Double(width) * Double(width)))
  }
}
