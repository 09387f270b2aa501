public import SmootNN
public import SmootTensor

/// Grad-CAM of a network with attention among the cells of its last feature map, with or without the random masks that the attention was trained with.
///
/// The layer explained is the feature map before the attention, so that gradients come through it. Dropkey Grad-CAM, in which keys are left out, and Dropout Grad-CAM, in which
/// weights are, differ by the network's head (`smoot train --head`). The paper draws masks while a map is made as well, without saying how many maps are put together: here masks
/// are off unless asked for. A draw depends on the seed, the image's index and the number of the sample alone.
public struct DropkeyGradCAM: AttributionMethod {
  /// Whether masks are drawn while a map is made.
  public enum Masks: String, Sendable, CaseIterable {
    /// All cells see all others, as in evaluation.
    case off
    /// One draw.
    case single
    /// Many draws.
    case average
  }

  /// What becomes of the maps of many draws.
  public enum Statistic: String, Sendable, CaseIterable {
    /// Their mean.
    case mean
    /// Their standard deviation, n in the denominator: where the map hangs on the draw.
    case deviation
  }

  /// The layers and how their maps are put together.
  public var common: ClassActivationOptions
  /// Whether masks are drawn.
  public var masks: Masks
  /// How many maps are put together with ``Masks/average``.
  public var samples: Int
  /// What becomes of them.
  public var statistic: Statistic

  /// Makes the method.
  public init(
    _ common: ClassActivationOptions = ClassActivationOptions(), masks: Masks = .off,
    samples: Int = 16, statistic: Statistic = .mean
  ) {
    self.common = common
    self.masks = masks
    self.samples = samples
    self.statistic = statistic
  }

  /// The method from options by name.
  public init(_ options: MethodOptions) throws(AttributionError) {
    self.init(
      try ClassActivationOptions(options),
      masks: try options.choice("masks", usual: .off),
      samples: try options.integer("samples", usual: 16, in: 1...100_000),
      statistic: try options.choice("statistic", usual: .mean))
  }

  /// For lists and help.
  public static let description = MethodDescription(
    name: "dropkey-grad-cam", family: .classActivation,
    summary: "Grad-CAM through an attention head, masks off, drawn once or averaged",
    cost: "1F + 1B; drawn: samples (F + B)", suits: [.convolutional, .residual],
    options: ClassActivationOptions.described() + [
      MethodOption("masks", "off", "random masks while maps are made: off, single or average"),
      MethodOption("samples", 16, "how many maps are averaged"),
      MethodOption("statistic", "mean", "what is made of them: mean or deviation"),
    ])

  /// The maps of the layers: raw, before the rectifier, for one layer.
  public func attribute(
    _ images: Tensor, targets: [Int32], model: any Classifier, _ context: AttributionContext
  ) throws(AttributionError) -> Attribution {
    guard let head = model.attentionHead else {
      throw AttributionError(
        "\(Self.description.name) explains networks with an attention head (smoot train --head dropkey or dropout); this one has none: use grad-cam"
      )
    }
    guard masks == .off || head.options.maskRatio > 0 else {
      throw AttributionError(
        "\(Self.description.name): masks=\(masks.rawValue) draws nothing, since the network's mask ratio is 0; choose masks=off"
      )
    }
    if masks == .off {
      return try GradCAM(common).attribute(images, targets: targets, model: model, context)
    }
    let layers = common.layers.isEmpty ? [try TargetLayer.usual(of: model)] : common.layers
    let samples = masks == .single ? 1 : samples
    var saturated = [Bool](repeating: false, count: targets.count)
    let count = images.count / max(1, targets.count)
    let grad = GradCAM(common)
    func forEachMap(
      _ body: (Tensor, [Variant]) -> Void
    ) throws(AttributionError) {
      try context.forEachVariant(
        of: images, samples: samples, vary: { $2.update(from: $1, count: count) }
      ) { (copies: Tensor, variants: [Variant]) throws(AttributionError) in
        let pass = try LayerPasses(
          copies, targets: variants.map { targets[$0.image] }, start: 0, layers: layers,
          model: model, context, needsGradients: true,
          headMasks: variants.map { context.key("masks", image: $0.image, sample: $0.sample) })
        for (variant, isSaturated) in zip(variants, pass.saturated) where isSaturated {
          saturated[variant.image] = true
        }
        let maps = pass.layers.map { grad.maps(of: $0) }
        body(common.fused(maps, height: images.shape[2], width: images.shape[3]), variants)
      }
    }
    var sums = MapSums(batch: targets.count)
    try forEachMap { maps, variants in sums.add(maps, of: variants) }
    let mean = sums.total * (1 / Float(samples))
    guard statistic == .deviation else { return Attribution(mean, saturated: saturated) }
    // The draws are the same again: a sum of squares alone would lose what the deviation is about.
    var squares = MapSums(batch: targets.count)
    let size = mean.count / max(1, targets.count)
    try forEachMap { maps, variants in
      let means = Tensor(uninitialized: maps.shape) { target in
        withPointers(mean) { mean in
          for (row, variant) in variants.enumerated() {
            (target + row * size).update(from: mean + variant.image * size, count: size)
          }
        }
      }
      squares.add(maps - means, of: variants, weight: { _ in 1 }) { $0 * $0 }
    }
    let deviation = (squares.total * (1 / Float(samples))).mapped { $0.squareRoot() }
    return Attribution(deviation, saturated: saturated)
  }
}
