public import SmootNN
public import SmootTensor

/// What guided backpropagation sends back to the image, times the Grad-CAM of a layer: fine detail where the class is.
///
/// Selvaraju et al., Grad-CAM, 2017, section 3.2. Convention captum multiplies with the rectified map, enlarged to the nearest pixel; paper with the same map, enlarged on straight
/// lines; pgc with the map as pytorch-grad-cam shows it, from 0 to 1. Maps keep the signs of guided backpropagation.
public struct GuidedGradCAM: AttributionMethod {
  /// What holds where nothing is chosen.
  public static let usual = ClassActivationOptions(convention: .paper)

  /// The layers of the Grad-CAM, how their maps are put together, and how they are enlarged.
  public var common: ClassActivationOptions

  /// Makes the method.
  public init(_ common: ClassActivationOptions = GuidedGradCAM.usual) { self.common = common }

  /// The method from options by name.
  public init(_ options: MethodOptions) throws(AttributionError) {
    self.init(try ClassActivationOptions(options, usual: Self.usual))
  }

  /// For lists and help.
  public static let description = MethodDescription(
    name: "guided-grad-cam", family: .classActivation,
    summary: "guided-backprop times grad-cam, with its signs", cost: "2F + 2B",
    suits: [.convolutional, .residual], isRectified: false,
    options: ClassActivationOptions.described(usual: usual))

  /// The products, [batch, channels, height, width].
  public func attribute(
    _ images: Tensor, targets: [Int32], model: any Classifier, _ context: AttributionContext
  ) throws(AttributionError) -> Attribution {
    let guided = try GuidedBackpropagation().attribute(
      images, targets: targets, model: model, context)
    let maps = try GradCAM(common).attribute(images, targets: targets, model: model, context)
    var result = Attribution(
      guided.values * enlarged(maps.values, height: images.shape[2], width: images.shape[3]),
      saturated: guided.statuses.map { $0 == .saturated })
    result.explainBlanks(
      by: zip(maps.statuses, guided.statuses).map { $0 == .ok && $1 == .zeroGradient ? $1 : $0 })
    return result
  }

  private func enlarged(_ maps: Tensor, height: Int, width: Int) -> Tensor {
    switch common.convention {
    case .captum: Saliency.nearest(Saliency.rectified(maps), height: height, width: width)
    case .paper: Saliency.resized(Saliency.rectified(maps), height: height, width: width)
    case .pgc: Saliency.presented(maps, height: height, width: width, .pgc)
    }
  }
}
