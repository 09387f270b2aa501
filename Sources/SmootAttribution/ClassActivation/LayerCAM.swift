public import SmootTensor

/// Feature maps times their positive gradients, cell by cell: also of use on shallow layers.
///
/// Jiang et al., LayerCAM: Exploring Hierarchical Class Activation Maps for Localization, 2021, equations 6 and 7. Several layers are put together by their maximum, shallow ones
/// made stronger before (equation 9), unless told otherwise; shallow is every layer with more cells than the one with the fewest. The conventions agree on single layers.
public struct LayerCAM: ClassActivationMethod {
  /// What holds where nothing is chosen.
  public static let usual = ClassActivationOptions(fusion: .maximum)

  /// The layers and how their maps are put together.
  public var common: ClassActivationOptions

  /// Makes the method.
  public init(_ common: ClassActivationOptions = LayerCAM.usual) { self.common = common }

  /// The method from options by name.
  public init(_ options: MethodOptions) throws(AttributionError) {
    self.init(try ClassActivationOptions(options, usual: Self.usual))
  }

  /// For lists and help.
  public static let description = MethodDescription(
    name: "layer-cam", family: .classActivation,
    summary: "feature maps times their positive gradients, cell by cell; for any depth",
    cost: "1F + 1B", options: ClassActivationOptions.described(usual: usual))

  /// The maps of one layer.
  public func maps(of layer: LayerPass) -> Tensor {
    (layer.values * Saliency.rectified(layer.gradients)).sum(over: [1])
  }
}
