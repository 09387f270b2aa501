public import SmootTensor

/// Grad-CAM++ whose derivatives are means over noisy images; the whole layer, some of its maps, or single neurons.
///
/// Omeiza et al., Smooth Grad-CAM++: An Enhanced Inference Level Visualization Technique for Deep Convolutional Neural Network Models, 2019, equations 5 to 9. With D1, D2 and D3 the
/// means of g, g^2 and g^3, a coefficient is D2 / (2 D2 + sum(A) D3), a weight the sum of coefficients times the positive D1, and the feature maps are those of the image without
/// noise. The paper prints D1 as the numerator, which the numbers' units contradict; both can be chosen. Convention pgc adds 1e-6 to the denominator.
public struct SmoothGradCAMPlusPlus: ClassActivationMethod {
  /// What stands above the coefficients' fraction line.
  public enum Numerator: String, Sendable, Codable, CaseIterable {
    /// The mean of the gradients, as the paper prints.
    case first = "d1"
    /// The mean of the squared gradients, as in Grad-CAM++.
    case second = "d2"
  }

  /// A cell of a feature map.
  public struct Neuron: Sendable, Hashable {
    /// The feature map.
    public var map: Int
    /// The row.
    public var row: Int
    /// The column.
    public var column: Int

    /// Makes a place.
    public init(map: Int, row: Int, column: Int) {
      self.map = map
      self.row = row
      self.column = column
    }
  }

  /// What of a layer takes part.
  public enum Subset: Sendable, Equatable {
    /// All of it.
    case layer
    /// Some feature maps.
    case maps([Int])
    /// Some neurons; all others count as zero, with zero gradients.
    case neurons([Neuron])
  }

  /// The layers and how their maps are put together.
  public var common: ClassActivationOptions
  /// How many noisy images.
  public var samples: Int
  /// The noise's standard deviation as a share of the image's range.
  public var noiseLevel: Float
  /// What stands above the coefficients' fraction line.
  public var numerator: Numerator
  /// What of a layer takes part.
  public var subset: Subset
  /// Noise to be added instead of drawn noise: for each sample [batch, channels, height, width].
  public var noise: [Tensor]? {
    get { replayed.map { $0.map(\.tensor) } }
    set { replayed = newValue.map { $0.map { FrozenTensor($0) } } }
  }
  private var replayed: [FrozenTensor]?

  /// Makes the method.
  public init(
    _ common: ClassActivationOptions = ClassActivationOptions(), samples: Int = 50,
    noiseLevel: Float = 0.15, numerator: Numerator = .second, subset: Subset = .layer
  ) {
    self.common = common
    self.samples = samples
    self.noiseLevel = noiseLevel
    self.numerator = numerator
    self.subset = subset
  }

  /// The method from options by name.
  public init(_ options: MethodOptions) throws(AttributionError) {
    self.init(
      try ClassActivationOptions(options),
      samples: try options.integer("samples", usual: 50, in: 1...100_000),
      noiseLevel: try options.number("noise", usual: 0.15, in: 0...100),
      numerator: try options.choice("numerator", usual: .second),
      subset: try Subset(
        maps: options.text("maps", usual: ""), neurons: options.text("neurons", usual: "")))
  }

  /// For lists and help.
  public static let description = MethodDescription(
    name: "smooth-grad-cam++", family: .classActivation,
    summary: "Grad-CAM++ averaged over noisy images; for a layer, some maps or some neurons",
    cost: "(samples + 1)(F + B)",
    options: ClassActivationOptions.described() + [
      MethodOption("samples", 50, "how many noisy images"),
      MethodOption("noise", 0.15, "standard deviation as a share of the image's range"),
      MethodOption("numerator", "d2", "of the coefficients: d2 as in Grad-CAM++, d1 as printed"),
      MethodOption("maps", "", "the feature maps that take part, such as 3,17; all when empty"),
      MethodOption(
        "neurons", "", "the neurons that take part as map:row:column,...; all when empty"),
    ])

  /// The maps of one layer.
  public func maps(of layer: LayerPass) throws(AttributionError) -> Tensor {
    let chosen = try subset.mask(
      maps: layer.mapCount, height: layer.values.shape[2], width: layer.values.shape[3])
    var maps: [Tensor] = []
    for image in layer.targets.indices {
      let moments = try moments(of: layer, image: image)
      let values = layer.values.sliced(axis: 0, image..<image + 1)
      let masked = chosen.map { values * $0 } ?? values
      let weights = weights(masked, chosen.map { mask in moments.map { $0 * mask } } ?? moments)
      maps.append(masked.weightedMaps(weights))
    }
    return .concatenated(maps, axis: 0)
  }

  /// The means of the gradients, of their squares and of their cubes over the noisy images, each [1, maps, height, width].
  private func moments(
    of layer: LayerPass, image: Int
  ) throws(AttributionError) -> [Tensor] {
    let original = layer.images.sliced(axis: 0, image..<image + 1)
    let count = replayed?.count ?? samples
    var sums = [Tensor](
      repeating: .zeros(Shape([1] + layer.values.shape.dimensions.dropFirst())), count: 3)
    try layer.context.forEachPiece(of: count) { (piece: Range<Int>) throws(AttributionError) in
      var noisy: [Tensor] = []
      for sample in piece {
        noisy.append(
          original + (try noise(for: original, image: layer.start + image, sample, layer.context)))
      }
      let gradients = try layer.again(for: .concatenated(noisy, axis: 0), image: image).gradients
      for sample in 0..<piece.count {
        let g = gradients.sliced(axis: 0, sample..<sample + 1)
        sums[0] = sums[0] + g
        sums[1] = sums[1] + g * g
        sums[2] = sums[2] + g * g * g
      }
    }
    return sums.map { $0 * (1 / Float(count)) }
  }

  private func noise(
    for image: Tensor, image place: Int, _ sample: Int, _ context: AttributionContext
  ) throws(AttributionError) -> Tensor {
    if let replayed {
      return try replayed[sample].row(place, shape: image.shape, "noise \(sample)")
    }
    let values = image.scalars
    let deviation = noiseLevel * ((values.max() ?? 0) - (values.min() ?? 0))
    let key = context.key("noise", image: place, sample: sample)
    return Tensor(
      values.indices.map { deviation * key.normal(at: UInt64($0)) }, shape: image.shape)
  }

  private func weights(_ values: Tensor, _ moments: [Tensor]) -> Tensor {
    let epsilon: Float = common.convention == .pgc ? 1e-6 : 0
    let cells = values.shape[2] * values.shape[3]
    let (first, second, third) = (moments[0].scalars, moments[1].scalars, moments[2].scalars)
    let sums = values.sum(over: [2, 3]).scalars
    let weights = sums.enumerated().map { map, sum in
      (map * cells..<(map + 1) * cells).reduce(Float(0)) { weight, cell in
        let denominator = 2 * second[cell] + sum * third[cell] + epsilon
        guard first[cell] > 0, denominator != 0 else { return weight }
        let above = numerator == .second ? second[cell] : first[cell]
        return weight + above / denominator * first[cell]
      }
    }
    return Tensor(weights, shape: [1, sums.count])
  }
}
