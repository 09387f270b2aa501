import Foundation
public import SmootNN
public import SmootTensor

/// Shapley values of superpixels, estimated by a linear model of the score.
///
/// Lundberg and Lee, A Unified Approach to Interpreting Model Predictions, 2017, theorem 2, as Captum has it: the full and the empty image weigh 1e6, so that the values add up to
/// the difference of their scores; the others hold k superpixels with probability in proportion to (n - 1) / (k (n - k)) and weigh 1. Superpixels are the cells of a regular grid.
/// There must be at least as many samples as superpixels, which Captum's usual 25 are not for 49: 500 are usual here.
public struct KernelSHAP: AttributionMethod {
  /// How many samples, the full and the empty image not counted.
  public var samples: Int
  /// Rows and columns of the grid of superpixels.
  public var cells: Int
  /// What covers, in normalized values.
  public var cover: Float
  /// Choices to be used instead of drawn ones, [samples, superpixels] with 0 for covered, for every image; the full and the empty image are added.
  public var choices: Tensor? {
    get { replayed?.tensor }
    set { replayed = newValue.map { FrozenTensor($0) } }
  }
  private var replayed: FrozenTensor?

  /// Makes the method.
  public init(samples: Int = 500, cells: Int = 7, cover: Float = 0) {
    self.samples = samples
    self.cells = cells
    self.cover = cover
  }

  /// The method from options by name.
  public init(_ options: MethodOptions) throws(AttributionError) {
    self.init(
      samples: try options.integer("samples", usual: 500, in: 1...1_000_000),
      cells: try options.integer("cells", usual: 7, in: 1...32),
      cover: try options.number("cover", usual: 0, in: -1000...1000))
  }

  /// For lists and help.
  public static let description = MethodDescription(
    name: "kernel-shap", family: .perturbation,
    summary: "Shapley values of the superpixels of a grid, by a linear model",
    cost: "(samples + 2)F",
    options: [
      MethodOption("samples", 500, "how many samples; at least as many as superpixels"),
      MethodOption("cells", 7, "rows and columns of the grid of superpixels"),
      MethodOption("cover", 0, "what covers, in normalized values"),
    ])

  /// The maps, [batch, 1, height, width]; the deltas are the sum of the superpixels' values minus the difference of the scores.
  public func attribute(
    _ images: Tensor, targets: [Int32], model: any Classifier, _ context: AttributionContext
  ) throws(AttributionError) -> Attribution {
    let superpixels = Superpixels(cells: cells, height: images.shape[2], width: images.shape[3])
    let count = superpixels.count
    var (maps, deltas) = ([Tensor](), [Float]())
    for (place, target) in targets.enumerated() {
      let drawn =
        try replayed.map { (numbers) throws(AttributionError) in
          try SurrogateSamples.choices(numbers, features: count)
        } ?? Self.drawn(samples, of: count) { context.key("choices", image: place, sample: $0) }
      guard drawn.count + 2 >= count else {
        throw .badValue("samples", "\(drawn.count)", expected: "at least \(max(1, count - 2))")
      }
      let ends = [true, false].map { [Bool](repeating: $0, count: count) }
      let samples = SurrogateSamples(
        ends + drawn, of: images.sliced(axis: 0, place..<place + 1), target, superpixels,
        cover: cover, model, context
      ) { choice, _ in choice.allSatisfy { $0 == choice[0] } ? 1e6 : 1 }
      let values = samples.regression.ridge(penalty: 0)
      maps.append(superpixels.map(values))
      deltas.append(Float(values.reduce(0, +) - (samples.scores[0] - samples.scores[1])))
    }
    return Attribution(.concatenated(maps, axis: 0), deltas: deltas, hasGradient: false)
  }

  /// Random choices whose sizes follow the Shapley kernel.
  private static func drawn(
    _ samples: Int, of count: Int, _ key: (Int) -> RandomKey
  ) -> [[Bool]] {
    let shares = (1..<max(2, count)).map { 1 / (Double($0) * Double(max(1, count - $0))) }
    let total = shares.reduce(0, +)
    return (0..<samples).map { sample in
      let key = key(sample)
      var (rest, size) = (Double(key.uniform(at: 0)) * total, 1)
      while size < shares.count, rest >= shares[size - 1] {
        rest -= shares[size - 1]
        size += 1
      }
      // The first `size` of the features in random order.
      var order = Array(0..<count)
      for place in 0..<min(size, count - 1) {
        order.swapAt(place, place + key.integer(below: count - place, at: UInt64(place + 1)))
      }
      var choice = [Bool](repeating: false, count: count)
      for feature in order.prefix(size) { choice[feature] = true }
      return choice
    }
  }
}
