public import SmootNN
public import SmootTensor

/// The variance among the maps of noisy variants of an image, for any method.
///
/// Adebayo et al., Local Explanation Methods for Deep Neural Networks Lack Sensitivity to Parameter Values, 2018. As in Captum it is the mean square minus the squared mean, divided by n.
public struct VarGrad: AttributionMethod {
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
    name: "vargrad", family: .gradient,
    summary: "the variance of the maps of noisy variants of the image",
    cost: "samples x the method's",
    options: NoiseSampling.options)

  /// Variances, with the extents of the inner method's maps.
  public func attribute(
    _ images: Tensor, targets: [Int32], model: any Classifier, _ context: AttributionContext
  ) throws(AttributionError) -> Attribution {
    let sums = try sampling.sums(
      images, targets: targets, model: model, context, of: [{ $0 }, { $0 * $0 }])
    let share = 1 / Float(sampling.samples)
    let mean = sums[0] * share
    return Attribution(sums[1] * share - mean * mean)
  }
}
