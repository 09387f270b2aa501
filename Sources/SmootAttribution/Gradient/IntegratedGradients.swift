public import SmootNN
public import SmootTensor

/// The difference of the image from a baseline, times the mean gradient on the way from one to the other.
///
/// Sundararajan, Taly and Yan, Axiomatic Attribution for Deep Networks, 2017, equation 1: the map adds up to the difference of the scores. The attribution's deltas say how far
/// from it the quadrature is.
public struct IntegratedGradients: AttributionMethod {
  /// Points on the way.
  public var steps: Int
  /// Where they lie.
  public var quadrature: PathQuadrature
  /// Where the way begins.
  public var baseline: Baseline

  /// Makes the method with Captum's defaults.
  public init(
    steps: Int = 50, quadrature: PathQuadrature = .gaussLegendre, baseline: Baseline = .constant(0)
  ) {
    precondition(steps > 1, "a way has at least two points, not \(steps)")
    self.steps = steps
    self.quadrature = quadrature
    self.baseline = baseline
  }

  /// The method from options by name.
  public init(_ options: MethodOptions) throws(AttributionError) {
    self.init(
      steps: try options.integer("steps", usual: 50, in: 2...10_000),
      quadrature: try options.choice("quadrature", usual: PathQuadrature.gaussLegendre),
      baseline: .constant(try options.number("baseline", usual: 0, in: -1000...1000)))
  }

  /// For lists and help.
  public static let description = MethodDescription(
    name: "integrated-gradients", family: .gradient,
    summary: "the mean gradient on the way from a baseline, times the difference from it",
    cost: "steps x (1F + 1B)",
    options: [
      MethodOption("steps", 50, "points on the way"),
      MethodOption(
        "quadrature", "gauss-legendre",
        "where they lie: \(PathQuadrature.allCases.map(\.rawValue).joined(separator: ", "))"),
      MethodOption("baseline", 0, "the normalized value of all pixels of the baseline"),
    ])

  /// Maps [batch, channels, height, width] that add up to the difference of the scores but for the deltas.
  public func attribute(
    _ images: Tensor, targets: [Int32], model: any Classifier, _ context: AttributionContext
  ) throws(AttributionError) -> Attribution {
    let baselines = try baseline.tensor(for: images)
    let (batch, count) = (images.shape[0], images.count / max(1, images.shape[0]))
    let (places, weights) = quadrature.points(steps)
    var sums = MapSums(batch: batch)
    let isShared = baselines.shape[0] == 1
    let origins = baselines.scalars
    try context.forEachVariant(of: images, samples: steps) { variant, image, target in
      let (place, start) = (places[variant.sample], isShared ? 0 : variant.image * count)
      origins.withUnsafeBufferPointer { origin in
        for index in 0..<count {
          target[index] = origin[start + index] + place * (image[index] - origin[start + index])
        }
      }
    } explain: { varied, variants in
      let pass = RecordedPass(varied, model)
      let gradients = pass.gradients(variants.map { targets[$0.image] }, context.score)
      sums.add(gradients, of: variants, weight: { weights[$0.sample] })
    }
    let maps = sums.total * (images - baselines)
    let ends = context.scores(of: images, targets: targets, model: model)
    let starts = context.scores(
      of: baselines.broadcast(to: images.shape), targets: targets, model: model)
    return Attribution(maps, deltas: maps.deltas(from: zip(ends, starts).map { $0 - $1 }))
  }
}

extension Tensor {
  /// For each map how much its sum exceeds what it should be.
  func deltas(from expected: [Float]) -> [Float] {
    let count = self.count / max(1, expected.count)
    return withUnsafeElements { elements in
      expected.enumerated().map { image, expected in
        let sum = elements[image * count..<(image + 1) * count].reduce(0) { $0 + Double($1) }
        return Float(sum - Double(expected))
      }
    }
  }
}
