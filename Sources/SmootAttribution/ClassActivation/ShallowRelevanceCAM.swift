import SmootNN
public import SmootTensor

/// Feature maps as spatially weighted masks, each weighted by its relevance: made for shallow layers, where the gradient alone is noisy.
///
/// Our reading of the abstract of Cheng et al., A Class Activation Mapping Algorithm with Interpretable Shallow Layers, 2025, of which nothing else is public: the relevance that a
/// layer gets from the next ones gives each map a weight, the map times its positive gradient is a mask, and both are multiplied. With ``Spatial/none`` it is ``RelevanceCAM`` but
/// for the rectifier, with ``Weight/none`` it is ``LayerCAM``.
public struct ShallowRelevanceCAM: ClassActivationMethod {
  /// What relevance becomes.
  public enum Weight: String, Sendable, Codable, CaseIterable {
    /// A weight for each map: the mean over its cells.
    case channel
    /// A weight for each cell of each map.
    case element
    /// Nothing: every map counts the same.
    case none
  }

  /// Where relevance begins.
  public enum Source: String, Sendable, Codable, CaseIterable {
    /// At the logits.
    case output
    /// At the layer with the next number (behind `layer1` at `layer2`, behind `layer1.1` at `layer2.0`), with its positive gradients times its values; at the logits where there is none.
    case adjacent
  }

  /// How the cells of a map are weighted.
  public enum Spatial: String, Sendable, Codable, CaseIterable {
    /// By their positive gradients.
    case gradient = "grad"
    /// By their positive relevance for each unit of their value.
    case relevance = "lrp"
    /// All the same.
    case none
  }

  /// The scale of the masks.
  public enum MaskScale: String, Sendable, Codable, CaseIterable {
    /// As they are.
    case none
    /// Each map's largest value becomes 1.
    case maximum = "max"
  }

  /// What holds where nothing is chosen: several layers are put together as ``LayerCAM`` does.
  public static let usual = LayerCAM.usual

  /// The layers and how their maps are put together; the conventions agree.
  public var common: ClassActivationOptions
  /// What relevance becomes.
  public var weight = Weight.channel
  /// Where relevance begins.
  public var source = Source.output
  /// How the cells of a map are weighted.
  public var spatial = Spatial.gradient
  /// The scale of the masks.
  public var maskScale = MaskScale.none
  /// How each convolution and linear layer shares relevance out.
  public var rule = RelevanceRule.zPlusWithoutBias
  /// The relevance of the logits.
  public var start = RelevanceStart.contrast

  /// Makes the method.
  public init(_ common: ClassActivationOptions = ShallowRelevanceCAM.usual) {
    self.common = common
  }

  /// The method from options by name.
  public init(_ options: MethodOptions) throws(AttributionError) {
    common = try ClassActivationOptions(options, usual: Self.usual)
    weight = try options.choice("weight", usual: Weight.channel)
    source = try options.choice("source", usual: Source.output)
    spatial = try options.choice("spatial", usual: Spatial.gradient)
    maskScale = try options.choice("mask-norm", usual: MaskScale.none)
    rule = try RelevanceCAM.rule(options)
    start = try options.choice("start", usual: RelevanceStart.contrast)
  }

  /// For lists and help.
  public static let description = MethodDescription(
    name: "shallow-relevance-cam", family: .classActivation,
    summary: "feature maps times positive gradients, weighted by relevance; for shallow layers",
    cost: "1F + 1B + LRP to the layer", suits: [.convolutional, .residual],
    options: ClassActivationOptions.described(usual: usual) + [
      MethodOption("weight", "channel", "what relevance weights: channel, element, none"),
      MethodOption("source", "output", "where relevance begins: output, adjacent"),
      MethodOption("spatial", "grad", "what weights a map's cells: grad, lrp, none"),
      MethodOption("mask-norm", "none", "the scale of weighted maps: none, max"),
    ] + RelevanceCAM.relevanceOptions)

  /// Relevance goes back through every operation.
  public static let needsRelevance = true

  /// The maps of one layer.
  public func maps(of layer: LayerPass) throws(AttributionError) -> Tensor {
    let name = Self.description.name
    let needsRelevance = weight != .none || spatial == .relevance
    var relevance = Tensor.zeros([1])
    if needsRelevance {
      relevance =
        source == .adjacent
        ? try layer.adjacentRelevance(rule, start, name) : try layer.relevance(rule, start, name)
    }
    let masks = masks(of: layer, relevance)
    switch weight {
    case .channel: return masks.weightedMaps(relevance.mapMeans)
    case .element: return (masks * relevance).sum(over: [1])
    case .none: return masks.sum(over: [1])
    }
  }

  private func masks(of layer: LayerPass, _ relevance: Tensor) -> Tensor {
    let values = layer.values
    let masks =
      switch spatial {
      case .gradient: values * Saliency.rectified(layer.gradients)
      // max(R / A, 0) A
      case .relevance: Tensor.combined(relevance, values) { $0 * $1 > 0 ? $0 : 0 }
      case .none: values
      }
    guard maskScale == .maximum else { return masks }
    let limits = masks.eachMap(masks) { mask, _ in
      let limit = mask.max() ?? 0
      return limit > 0 ? 1 / limit : 1
    }
    return masks * limits.reshaped(to: [masks.shape[0], masks.shape[1], 1, 1])
  }
}
