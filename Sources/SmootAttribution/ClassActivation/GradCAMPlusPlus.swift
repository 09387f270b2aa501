public import SmootTensor

/// Feature maps weighted by their positive gradients, each of which counts by its second and third derivative.
///
/// Chattopadhyay et al., Grad-CAM++, 2018, equations 5, 6 and 19; exact where the explained score is exp(z), whose own factor is lost when a map is brought to a scale.
/// Convention pgc adds 1e-6 to the denominator; the others add nothing and take a coefficient as zero where the denominator is.
public struct GradCAMPlusPlus: ClassActivationMethod {
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
    name: "grad-cam++", family: .classActivation,
    summary: "feature maps weighted by positive gradients with higher-order coefficients",
    cost: "1F + 1B", options: ClassActivationOptions.described())

  /// The maps of one layer.
  public func maps(of layer: LayerPass) -> Tensor {
    let epsilon: Float = common.convention == .pgc ? 1e-6 : 0
    let weights = layer.values.eachMap(layer.gradients) { values, gradients in
      let sum = values.reduce(0, +)
      return gradients.reduce(0) { weight, g in
        let denominator = 2 * g * g + sum * g * g * g + epsilon
        return g > 0 && denominator != 0 ? weight + g * (g * g / denominator) : weight
      }
    }
    return layer.values.weightedMaps(weights)
  }
}
