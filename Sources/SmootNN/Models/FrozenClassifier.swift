public import SmootAutodiff
public import SmootTensor

/// A network some of whose parameters stay as they are: they count among the buffers, so that training neither differentiates nor moves them and checkpoints keep them.
///
/// The running statistics of batch normalization go on, as they do in PyTorch for parameters without gradients.
public struct FrozenClassifier: Classifier {
  /// The network.
  public let base: any Classifier
  /// What training changes.
  public let parameters: [Parameter]
  /// The network's buffers, and the frozen parameters.
  public let buffers: [Parameter]

  /// Freezes the parameters whose names a predicate picks.
  public init(_ base: any Classifier, freezing isFrozen: (String) -> Bool) {
    self.base = base
    parameters = base.parameters.filter { !isFrozen($0.name) }
    buffers = base.buffers + base.parameters.filter { isFrozen($0.name) }
  }

  /// What images the network takes.
  public var inputSize: ImageSize { base.inputSize }
  /// How many classes it tells apart.
  public var classCount: Int { base.classCount }
  /// The network's layers.
  public var layers: [[String]] { base.layers }
  /// The network's heads.
  public var heads: [String] { base.heads }
  /// The network's attention among the cells of its last feature map, if there is.
  public var attentionHead: FeatureHead? { base.attentionHead }

  /// The network's features.
  public func features(_ images: Variable, _ context: ForwardContext) -> Variable {
    base.features(images, context)
  }

  /// The rest of the network.
  public func logits(features: Variable, _ context: ForwardContext) -> Variable {
    base.logits(features: features, context)
  }

  /// What the network makes of a foreign tensor.
  public func adapted(
    _ tensor: Tensor, to parameter: Parameter, of names: Set<String>
  ) -> Tensor? { base.adapted(tensor, to: parameter, of: names) }
}
