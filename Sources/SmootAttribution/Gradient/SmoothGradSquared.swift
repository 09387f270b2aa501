public import SmootNN
public import SmootTensor

/// The mean of the squared maps of noisy variants of an image, for any method.
///
/// Hooker et al., A Benchmark for Interpretability Methods in Deep Neural Networks, 2019 (SG-SQ).
public struct SmoothGradSquared: AttributionMethod {
  /// What is sampled, and how.
  public var sampling: NoiseSampling

  /// Makes the method.
  public init(_ sampling: NoiseSampling = NoiseSampling()) { self.sampling = sampling }

  /// The method from options by name.
  public init(_ options: MethodOptions) throws(AttributionError) {
    self.init(try NoiseSampling(options))
  }

  /// What the inner method needs.
  public var needs: ContextNeeds { sampling.method.needs }

  /// For lists and help.
  public static let description = MethodDescription(
    name: "smoothgrad-squared", family: .gradient,
    summary: "the mean squared map of noisy variants of the image", cost: "samples x the method's",
    options: NoiseSampling.options)

  /// Mean squares, with the extents of the inner method's maps.
  public func attribute(
    _ images: Tensor, targets: [Int32], model: any Classifier, _ context: AttributionContext
  ) throws(AttributionError) -> Attribution {
    let sums = try sampling.sums(
      images, targets: targets, model: model, context, of: [{ $0 * $0 }])
    return Attribution(sums[0] * (1 / Float(sampling.samples)))
  }
}
