import SmootAutodiff
public import SmootNN
public import SmootTensor

/// What comes back through the network when every ReLU lets through whatever is positive on the way back, open or not.
///
/// Zeiler and Fergus, Visualizing and Understanding Convolutional Networks, 2014.
public struct Deconvolution: AttributionMethod {
  /// Makes the method.
  public init() {}

  /// The method from options by name.
  public init(_ options: MethodOptions) throws(AttributionError) { self.init() }

  /// For lists and help.
  public static let description = MethodDescription(
    name: "deconvnet", family: .propagation,
    summary: "what comes back when ReLUs rectify the way back instead", cost: "1F + 1B",
    suits: [.convolutional, .residual])

  /// What arrives at the images, [batch, channels, height, width].
  public func attribute(
    _ images: Tensor, targets: [Int32], model: any Classifier, _ context: AttributionContext
  ) throws(AttributionError) -> Attribution {
    try context.rectified(images, targets: targets, model: model, Self.description.name) {
      relu, gradient in
      gradient.mapped { max($0, 0) }
    }
  }
}
