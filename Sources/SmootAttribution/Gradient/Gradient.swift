public import SmootNN
public import SmootTensor

/// The gradient of the score with respect to the image.
///
/// Simonyan, Vedaldi and Zisserman, Deep Inside Convolutional Networks, 2014.
public struct Gradient: AttributionMethod {
  /// Whether magnitudes are given, as Captum's `Saliency` does unless told otherwise.
  public var isAbsolute: Bool

  /// Makes the method.
  public init(isAbsolute: Bool = false) { self.isAbsolute = isAbsolute }

  /// The method from options by name.
  public init(_ options: MethodOptions) throws(AttributionError) {
    self.init(isAbsolute: try options.flag("absolute", usual: false))
  }

  /// For lists and help.
  public static let description = MethodDescription(
    name: "gradient", family: .gradient, summary: "the gradient of the score", cost: "1F + 1B",
    options: [MethodOption("absolute", false, "whether magnitudes are given")])

  /// The gradients, [batch, channels, height, width].
  public func attribute(
    _ images: Tensor, targets: [Int32], model: any Classifier, _ context: AttributionContext
  ) throws(AttributionError) -> Attribution {
    let result = context.inputGradients(of: images, targets: targets, model: model)
    return Attribution(
      isAbsolute ? result.gradients.mapped { abs($0) } : result.gradients,
      saturated: result.saturated)
  }
}
