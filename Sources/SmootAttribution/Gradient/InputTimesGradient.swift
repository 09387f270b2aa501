public import SmootNN
public import SmootTensor

/// The normalized image times the gradient of the score: what a linear network would give each pixel.
///
/// Shrikumar et al., Not Just a Black Box, 2016.
public struct InputTimesGradient: AttributionMethod {
  /// Makes the method.
  public init() {}

  /// The method from options by name.
  public init(_ options: MethodOptions) throws(AttributionError) { self.init() }

  /// For lists and help.
  public static let description = MethodDescription(
    name: "input-x-gradient", family: .gradient, summary: "the normalized image times the gradient",
    cost: "1F + 1B")

  /// Products, [batch, channels, height, width].
  public func attribute(
    _ images: Tensor, targets: [Int32], model: any Classifier, _ context: AttributionContext
  ) throws(AttributionError) -> Attribution {
    let result = context.inputGradients(of: images, targets: targets, model: model)
    return Attribution(images * result.gradients, saturated: result.saturated)
  }
}
