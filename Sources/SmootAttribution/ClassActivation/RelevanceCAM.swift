import SmootNN
public import SmootTensor

/// Feature maps weighted by the mean relevance of their cells, of any layer.
///
/// Lee et al., Relevance-CAM: Your Model Already Knows Where to Look, 2021, equations 3 to 6: relevance begins at the logits and is shared out among what is positive. The map is
/// not rectified: relevance that begins with ``RelevanceStart/contrast`` has signs. Deviations from the authors' code: biases get no relevance, batch normalization becomes part of
/// the convolution, and the weights are means over cells also where that code takes sums.
public struct RelevanceCAM: ClassActivationMethod {
  /// The layers and how their maps are put together; the conventions agree.
  public var common: ClassActivationOptions
  /// How each convolution and linear layer shares relevance out.
  public var rule: RelevanceRule
  /// Where relevance begins.
  public var start: RelevanceStart

  /// Makes the method.
  public init(
    _ common: ClassActivationOptions = ClassActivationOptions(),
    rule: RelevanceRule = .zPlusWithoutBias, start: RelevanceStart = .contrast
  ) {
    self.common = common
    self.rule = rule
    self.start = start
  }

  /// The method from options by name.
  public init(_ options: MethodOptions) throws(AttributionError) {
    self.init(
      try ClassActivationOptions(options), rule: try Self.rule(options),
      start: try options.choice("start", usual: RelevanceStart.contrast))
  }

  /// For lists and help.
  public static let description = MethodDescription(
    name: "relevance-cam", family: .classActivation,
    summary: "feature maps weighted by their mean relevance; for any depth",
    cost: "1F + LRP to the layer", suits: [.convolutional, .residual], isRectified: false,
    options: ClassActivationOptions.described() + relevanceOptions)

  /// The options of methods that propagate relevance to a layer.
  static let relevanceOptions = [
    MethodOption(
      "lrp-rule", "z-plus-without-bias",
      "how layers share relevance out: \(RelevanceRule.names.filter { $0 != "box" }.joined(separator: ", "))"
    ),
    MethodOption("gamma", 0.25, "of the gamma rule"),
    MethodOption("alpha", 2, "of the alpha-beta rule; beta is one less"),
    MethodOption("epsilon", 1e-6, "of the epsilon rule"),
    MethodOption(
      "start", "contrast",
      "the relevance of the logits: \(RelevanceStart.allCases.map(\.rawValue).joined(separator: ", "))"
    ),
  ]

  static func rule(_ options: MethodOptions) throws(AttributionError) -> RelevanceRule {
    let rule = try RelevanceRule(
      "lrp-rule", options.text("lrp-rule", usual: "z-plus-without-bias"), options)
    guard rule != .box else {
      throw .badValue(
        "lrp-rule", "box", expected: "a rule for hidden layers; box is for those that read pixels")
    }
    return rule
  }

  /// Only values and relevance matter.
  public static let needsGradients = false

  /// Relevance goes back through every operation.
  public static let needsRelevance = true

  /// The maps of one layer.
  public func maps(of layer: LayerPass) throws(AttributionError) -> Tensor {
    let name = Self.description.name
    try layer.record?.pass.requireLogit(layer.context.score, name)
    let relevance = try layer.relevance(rule, start, name)
    return layer.values.weightedMaps(relevance.mapMeans)
  }
}
