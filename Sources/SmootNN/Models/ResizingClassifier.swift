public import SmootAutodiff
public import SmootTensor

/// A network that resizes its images first, as a part of itself: masks and saliency live on the small images, and gradients flow through the resize.
public struct ResizingClassifier: Classifier {
  /// The images before the resize.
  public let inputSize: ImageSize
  /// The network that takes the resized images.
  public let base: any Classifier
  /// How values between pixels are found.
  public let interpolation: Interpolation

  /// Puts a resize in front of a network.
  ///
  /// - Parameters:
  ///   - base: the network.
  ///   - inputSize: the images' extents, with as many channels as the network takes.
  ///   - interpolation: how values between pixels are found.
  public init(_ base: any Classifier, inputSize: ImageSize, interpolation: Interpolation) {
    precondition(
      inputSize.channels == base.inputSize.channels,
      "images of \(inputSize) cannot become images of \(base.inputSize)")
    self.base = base
    self.inputSize = inputSize
    self.interpolation = interpolation
  }

  /// How many classes it tells apart.
  public var classCount: Int { base.classCount }
  /// The network's parameters; the resize has none.
  public var parameters: [Parameter] { base.parameters }
  /// The network's buffers.
  public var buffers: [Parameter] { base.buffers }
  /// The network's layers.
  public var layers: [[String]] { base.layers }
  /// The network's heads.
  public var heads: [String] { base.heads }
  /// The network's attention among the cells of its last feature map, if there is.
  public var attentionHead: FeatureHead? { base.attentionHead }

  /// The features of the resized images.
  public func features(_ images: Variable, _ context: ForwardContext) -> Variable {
    let (height, width) = (base.inputSize.height, base.inputSize.width)
    return base.features(images.resized(height: height, width: width, interpolation), context)
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
