public import SmootTensor

/// Feature maps weighted by their gradients along the way from a black image.
///
/// Sattarzadeh et al., Integrated Grad-CAM: Sensitivity-Aware Visual Explanation of Deep Convolutional Networks via Integrated Gradient-Based Scoring, 2021, equations 5 to 7, with
/// points t / steps, t from 1 to steps.
public struct IntegratedGradCAM: ClassActivationMethod {
  /// What the gradients' means are multiplied with.
  public enum Difference: String, Sendable, Codable, CaseIterable {
    /// The feature maps of the point on the way minus those of the black image.
    case path
    /// The feature maps of the image minus those of the black image.
    case image
    /// The feature maps of the point minus those of the point before, without the division by the number of steps: a Riemann-Stieltjes sum.
    case step
  }

  /// The layers and how their maps are put together.
  public var common: ClassActivationOptions
  /// How many points there are on the way.
  public var steps: Int
  /// What the gradients' means are multiplied with.
  public var difference: Difference
  /// The value of black in a normalized image, in all channels.
  public var black: Float

  /// Makes the method.
  public init(
    _ common: ClassActivationOptions = ClassActivationOptions(), steps: Int = 20,
    difference: Difference = .path, black: Float = 0
  ) {
    self.common = common
    self.steps = steps
    self.difference = difference
    self.black = black
  }

  /// The method from options by name.
  public init(_ options: MethodOptions) throws(AttributionError) {
    self.init(
      try ClassActivationOptions(options),
      steps: try options.integer("steps", usual: 20, in: 1...100_000),
      difference: try options.choice("difference", usual: .path),
      black: try options.number("black", usual: 0, in: -1000...1000))
  }

  /// For lists and help.
  public static let description = MethodDescription(
    name: "integrated-grad-cam", family: .classActivation,
    summary: "feature maps weighted by gradients along the way from a black image",
    cost: "(steps + 2)(F + B)",
    options: ClassActivationOptions.described() + [
      MethodOption("steps", 20, "points on the way"),
      MethodOption("difference", "path", "of feature maps: path, image or step"),
      MethodOption("black", 0, "the value of black in a normalized image"),
    ])

  /// The maps of one layer.
  public func maps(of layer: LayerPass) throws(AttributionError) -> Tensor {
    var maps: [Tensor] = []
    for image in layer.targets.indices {
      let original = layer.images.sliced(axis: 0, image..<image + 1)
      let start = Tensor(repeating: black, shape: original.shape)
      let basis = try layer.again(for: start, image: image).values
      let values = layer.values.sliced(axis: 0, image..<image + 1)
      var (before, sum) = (basis, Tensor.zeros([1, 1, basis.shape[2], basis.shape[3]]))
      try layer.context.forEachPiece(of: steps) { (piece: Range<Int>) throws(AttributionError) in
        let points = piece.map { start + (original - start) * (Float($0 + 1) / Float(steps)) }
        let pass = try layer.again(for: .concatenated(points, axis: 0), image: image)
        let weights = pass.gradients.mapMeans
        for point in 0..<piece.count {
          let reached = pass.values.sliced(axis: 0, point..<point + 1)
          let change =
            switch difference {
            case .path: reached - basis
            case .image: values - basis
            case .step: reached - before
            }
          before = reached
          sum = sum + change.weightedMaps(weights.sliced(axis: 0, point..<point + 1))
        }
      }
      maps.append(difference == .step ? sum : sum * (1 / Float(steps)))
    }
    return .concatenated(maps, axis: 0)
  }
}
