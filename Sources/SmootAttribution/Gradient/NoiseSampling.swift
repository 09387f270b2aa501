import SmootNN
import SmootTensor

/// Maps of noisy variants of an image, of which statistics are taken.
///
/// The common part of ``SmoothGrad``, ``SmoothGradSquared`` and ``VarGrad``.
public struct NoiseSampling: Sendable {
  /// What the standard deviation of the noise is measured in.
  public enum Unit: String, Sendable, Codable, CaseIterable {
    /// The range of the image, maximum - minimum, as the paper and PAIR's code measure it.
    case relative
    /// Units of the normalized image, as Captum's `NoiseTunnel` measures it.
    case absolute
  }

  /// What is averaged.
  public var method: any AttributionMethod
  /// How many variants each image has.
  public var samples: Int
  /// The standard deviation of the noise.
  public var deviation: Float
  /// What it is measured in.
  public var unit: Unit
  /// Noise to be replayed, [batch, samples, channels, height, width], in units of the normalized image; drawn when `nil`.
  public var noise: FrozenTensor?

  /// Makes a sampling.
  ///
  /// - Parameters:
  ///   - method: what is averaged.
  ///   - samples: how many variants each image has.
  ///   - deviation: the standard deviation of the noise; the paper finds 10 to 20 % of the range good.
  ///   - unit: what it is measured in.
  ///   - noise: noise to be replayed.
  public init(
    of method: any AttributionMethod = Gradient(), samples: Int = 25, deviation: Float = 0.15,
    unit: Unit = .relative, noise: FrozenTensor? = nil
  ) {
    precondition(samples > 0, "\(samples) samples have no mean")
    self.method = method
    self.samples = samples
    self.deviation = deviation
    self.unit = unit
    self.noise = noise
  }

  init(_ options: MethodOptions) throws(AttributionError) {
    self.init(
      of: try options.method("method", usual: Gradient()),
      samples: try options.integer("samples", usual: 25, in: 1...100_000),
      deviation: try options.number("noise", usual: 0.15, in: 0...1000),
      unit: try options.choice("noise-unit", usual: Unit.relative))
  }

  static let options = [
    MethodOption("method", "gradient", "what is averaged; its options are method.NAME"),
    MethodOption("samples", 25, "how many noisy variants"),
    MethodOption("noise", 0.15, "the standard deviation of the noise"),
    MethodOption("noise-unit", "relative", "relative to the image's range, or absolute"),
  ]

  /// The sums over the samples of each map's values, and of a function of them.
  ///
  /// - Returns: for each transform the sums [batch, ...] of what it makes of the maps' values.
  func sums(
    _ images: Tensor, targets: [Int32], model: any Classifier, _ context: AttributionContext,
    of transforms: [(Float) -> Float]
  ) throws(AttributionError) -> [Tensor] {
    let (batch, count) = (images.shape[0], images.count / max(1, images.shape[0]))
    let expected = Shape([batch, samples] + images.shape.dimensions.dropFirst())
    if let noise, noise.shape != expected {
      throw .badData("the noise to replay has shape \(noise.shape), expected \(expected)")
    }
    let deviations = deviations(of: images)
    var sums = transforms.map { _ in MapSums(batch: batch) }
    try context.forEachVariant(of: images, samples: samples) { variant, image, target in
      if let noise {
        let start = (variant.image * samples + variant.sample) * count
        for index in 0..<count { target[index] = image[index] + noise.scalars[start + index] }
      } else {
        let deviation = deviations[variant.image]
        context.key("noise", image: variant.image, sample: variant.sample)
          .forEachNormal(count) { target[$0] = image[$0] + deviation * $1 }
      }
    } explain: { (varied, variants) throws(AttributionError) in
      let maps = try method.attribute(
        varied, targets: variants.map { targets[$0.image] }, model: model,
        context.forVariants(variants, samples: samples))
      for index in sums.indices { sums[index].add(maps.values, of: variants, transforms[index]) }
    }
    return sums.map(\.total)
  }

  private func deviations(of images: Tensor) -> [Float] {
    let (batch, count) = (images.shape[0], images.count / max(1, images.shape[0]))
    guard unit == .relative else { return [Float](repeating: deviation, count: batch) }
    return images.withUnsafeElements { elements in
      (0..<batch).map { image in
        let values = elements[image * count..<(image + 1) * count]
        return deviation * ((values.max() ?? 0) - (values.min() ?? 0))
      }
    }
  }
}
