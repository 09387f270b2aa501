public import SmootAutodiff
public import SmootTensor

/// A network made of another one: whatever it does not say itself is as in that one.
public protocol ClassifierWrapper: Classifier {
  /// The other network.
  var base: any Classifier { get }
}

extension ClassifierWrapper {
  /// The images that the other network takes.
  public var inputSize: ImageSize { base.inputSize }
  /// How many classes it tells apart.
  public var classCount: Int { base.classCount }
  /// The other network's parameters.
  public var parameters: [Parameter] { base.parameters }
  /// The other network's buffers.
  public var buffers: [Parameter] { base.buffers }
  /// The other network's layers.
  public var layers: [[String]] { base.layers }
  /// The other network's heads.
  public var heads: [String] { base.heads }
  /// The other network's attention among the cells of its last feature map, if there is.
  public var attentionHead: FeatureHead? { base.attentionHead }

  /// The other network's features.
  public func features(_ images: Variable, _ context: ForwardContext) -> Variable {
    base.features(images, context)
  }

  /// The rest of the other network.
  public func logits(features: Variable, _ context: ForwardContext) -> Variable {
    base.logits(features: features, context)
  }

  /// What the other network makes of a foreign tensor.
  public func adapted(
    _ tensor: Tensor, to parameter: Parameter, of names: Set<String>
  ) -> Tensor? { base.adapted(tensor, to: parameter, of: names) }
}
