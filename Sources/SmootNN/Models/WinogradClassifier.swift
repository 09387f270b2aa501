public import SmootAutodiff
public import SmootTensor

/// A network all of whose passes sum convolutions by Winograd's method where it serves, whatever the context says: faster, and other last bits.
public struct WinogradClassifier: Classifier {
  /// The network.
  public let base: any Classifier

  /// Wraps a network.
  public init(_ base: any Classifier) { self.base = base }

  /// What images the network takes.
  public var inputSize: ImageSize { base.inputSize }
  /// How many classes it tells apart.
  public var classCount: Int { base.classCount }
  /// What training changes.
  public var parameters: [Parameter] { base.parameters }
  /// The network's buffers.
  public var buffers: [Parameter] { base.buffers }
  /// The network's layers.
  public var layers: [[String]] { base.layers }
  /// The network's heads.
  public var heads: [String] { base.heads }
  /// The network's attention among the cells of its last feature map, if there is.
  public var attentionHead: FeatureHead? { base.attentionHead }

  /// The network's features.
  public func features(_ images: Variable, _ context: ForwardContext) -> Variable {
    base.features(images, context.convolving(by: .winograd))
  }

  /// The rest of the network.
  public func logits(features: Variable, _ context: ForwardContext) -> Variable {
    base.logits(features: features, context.convolving(by: .winograd))
  }

  /// What the network makes of a foreign tensor.
  public func adapted(
    _ tensor: Tensor, to parameter: Parameter, of names: Set<String>
  ) -> Tensor? { base.adapted(tensor, to: parameter, of: names) }
}

extension Classifier {
  /// The same network, whose convolutions are summed by an algorithm.
  public func convolving(by algorithm: ConvolutionAlgorithm) -> any Classifier {
    switch algorithm {
    case .direct: self
    case .winograd: WinogradClassifier(self)
    }
  }
}
