public import SmootTensor

/// Feature maps times their gradients, cell by cell.
///
/// Draelos and Carin, Use HiResCAM instead of Grad-CAM for Faithful Explanations of Convolutional Neural Networks, 2020, equation 4. The conventions agree.
public struct HiResCAM: ClassActivationMethod {
  /// The layers and how their maps are put together.
  public var common: ClassActivationOptions

  /// Makes the method.
  public init(_ common: ClassActivationOptions = ClassActivationOptions()) { self.common = common }

  /// The method from options by name.
  public init(_ options: MethodOptions) throws(AttributionError) {
    self.init(try ClassActivationOptions(options))
  }

  /// For lists and help.
  public static let description = MethodDescription(
    name: "hires-cam", family: .classActivation,
    summary: "feature maps times their gradients, cell by cell", cost: "1F + 1B",
    options: ClassActivationOptions.described())

  /// The maps of one layer.
  public func maps(of layer: LayerPass) -> Tensor {
    (layer.values * layer.gradients).sum(over: [1])
  }
}
