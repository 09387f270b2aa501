public import SmootAutodiff

/// A network all of whose passes sum convolutions by Winograd's method where it serves, whatever the context says: faster, and other last bits.
public struct WinogradClassifier: ClassifierWrapper {
  /// The network.
  public let base: any Classifier

  /// Wraps a network.
  public init(_ base: any Classifier) { self.base = base }

  /// The network's features.
  public func features(_ images: Variable, _ context: ForwardContext) -> Variable {
    base.features(images, context.convolving(by: .winograd))
  }

  /// The rest of the network.
  public func logits(features: Variable, _ context: ForwardContext) -> Variable {
    base.logits(features: features, context.convolving(by: .winograd))
  }
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
