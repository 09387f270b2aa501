public import SmootTensor

/// Feature maps weighted by their gradients, where each cell counts by its share of the map: the weights that best keep sensitivity and conservation.
///
/// Fu et al., Axiom-based Grad-CAM, 2020, equation 8. Equals Grad-CAM where a mean over all cells and a linear layer follow. Convention pgc adds 1e-7 to a map's sum; with the
/// others a map whose sum is zero has no weight.
public struct XGradCAM: ClassActivationMethod {
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
    name: "xgrad-cam", family: .classActivation,
    summary: "feature maps weighted by gradients in proportion to their cells",
    cost: "1F + 1B", options: ClassActivationOptions.described())

  /// The maps of one layer.
  public func maps(of layer: LayerPass) -> Tensor {
    let epsilon: Float = common.convention == .pgc ? 1e-7 : 0
    let weights = layer.values.eachMap(layer.gradients) { values, gradients in
      let sum = values.reduce(0, +) + epsilon
      guard sum != 0 else { return 0 }
      return zip(values, gradients).reduce(0) { $0 + $1.0 * $1.1 } / sum
    }
    return layer.values.weightedMaps(weights)
  }
}
