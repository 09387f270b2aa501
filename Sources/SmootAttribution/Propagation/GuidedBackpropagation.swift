import SmootAutodiff
public import SmootNN
public import SmootTensor

/// The gradient, of which every ReLU lets through only what is positive on the way back as well.
///
/// Springenberg et al., Striving for Simplicity: The All Convolutional Net, 2015. Rules apply to every ReLU of the network, unlike hooks that see modules only.
public struct GuidedBackpropagation: AttributionMethod {
  /// Makes the method.
  public init() {}

  /// The method from options by name.
  public init(_ options: MethodOptions) throws(AttributionError) { self.init() }

  /// For lists and help.
  public static let description = MethodDescription(
    name: "guided-backprop", family: .propagation,
    summary: "the gradient without what is negative at any ReLU, where that is open",
    cost: "1F + 1B",
    suits: [.convolutional, .residual])

  /// What arrives at the images, [batch, channels, height, width].
  public func attribute(
    _ images: Tensor, targets: [Int32], model: any Classifier, _ context: AttributionContext
  ) throws(AttributionError) -> Attribution {
    try context.rectified(images, targets: targets, model: model, Self.description.name) {
      relu, gradient in
      gradient.rectified(by: relu.output).mapped { max($0, 0) }
    }
  }
}
