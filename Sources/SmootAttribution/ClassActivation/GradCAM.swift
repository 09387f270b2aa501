public import SmootTensor

/// Feature maps weighted by the mean gradient of their cells.
///
/// Selvaraju et al., Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization, 2017, equations 1 and 2. The conventions agree.
public struct GradCAM: ClassActivationMethod {
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
    name: "grad-cam", family: .classActivation,
    summary: "feature maps weighted by their mean gradients", cost: "1F + 1B",
    options: ClassActivationOptions.described())

  /// The maps of one layer.
  public func maps(of layer: LayerPass) -> Tensor {
    layer.values.weightedMaps(layer.gradients.mapMeans)
  }
}
