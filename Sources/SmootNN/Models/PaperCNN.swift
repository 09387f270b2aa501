public import SmootAutodiff
public import SmootTensor

/// The convolutional network of the SGT and SMOOT papers.
///
/// conv 3x3 (32), ReLU, conv 3x3 (64), ReLU, max-pool 2x2, dropout 0.25, linear (128), ReLU, dropout 0.5, linear; no padding.
/// Source: Ismail et al., Improving Deep Learning Interpretability by Saliency Guided Training, NeurIPS 2021, and its public code. That code ends in a log-softmax;
/// here the network ends in logits, and the loss and the saliency score apply the log-softmax.
///
/// With another ``FeatureHead`` there is attention among the cells of the feature map after the first dropout; with a mean over them, one linear layer `fc` takes the place of the two.
public struct PaperCNN: Classifier {
  /// The images that the network takes.
  public let inputSize: ImageSize
  /// How many classes it tells apart.
  public let classCount: Int
  package let conv1: Conv2D
  package let conv2: Conv2D
  /// What the linear layers see of the feature map.
  public let head: FeatureHead
  /// The hidden layer, unless the head takes the mean.
  package let fc1: Linear?
  /// What gives the logits; `fc` when there is no hidden layer.
  package let fc2: Linear
  private let dropout1 = Dropout("dropout1", rate: 0.25)
  private let dropout2 = Dropout("dropout2", rate: 0.5)

  /// Makes a network with PyTorch's initial values.
  ///
  /// - Parameters:
  ///   - inputSize: the images' extents; height and width at least 6.
  ///   - classCount: how many classes to tell apart.
  ///   - head: what the linear layers see of the feature map; all of it when left out.
  ///   - random: where the initial values come from.
  public init(
    inputSize: ImageSize, classCount: Int, head: FeatureHead.Options? = nil, random: RandomKey
  ) {
    precondition(
      inputSize.height >= 6 && inputSize.width >= 6, "images of \(inputSize) are too small")
    self.inputSize = inputSize
    self.classCount = classCount
    let scope = ParameterScope(random: random)
    self.head = FeatureHead(
      head ?? FeatureHead.Options(readout: .flatten), input: Self.featureSize(of: inputSize))
    conv1 = Conv2D(
      scope.scope("conv1"), inputChannels: inputSize.channels, outputChannels: 32, kernelSize: 3)
    conv2 = Conv2D(scope.scope("conv2"), inputChannels: 32, outputChannels: 64, kernelSize: 3)
    guard self.head.options.readout == .flatten else {
      fc1 = nil
      fc2 = Linear(scope.scope("fc"), inputs: self.head.outputs, outputs: classCount)
      return
    }
    fc1 = Linear(
      scope.scope("fc1"), inputs: self.head.outputs, outputs: 128, layout: self.head.layout)
    fc2 = Linear(scope.scope("fc2"), inputs: 128, outputs: classCount)
  }

  /// The feature map of an image: channels, height and width.
  static func featureSize(of size: ImageSize) -> ImageSize {
    ImageSize(channels: 64, height: (size.height - 4) / 2, width: (size.width - 4) / 2)
  }

  /// Weights and biases, from the image to the logits.
  public var parameters: [Parameter] {
    conv1.parameters + conv2.parameters + (fc1?.parameters ?? []) + fc2.parameters
  }

  /// Both convolutions and the pooling.
  public func features(_ images: Variable, _ context: ForwardContext) -> Variable {
    let x = images.channelsLast
    guard context.isFused else { return separateFeatures(x, context) }
    return conv1(x, thenPooled: conv2, context)  // [batch, height / 2 - 2, width / 2 - 2, 64]
  }

  /// ``features(_:_:)``, one operation after the other.
  private func separateFeatures(_ images: Variable, _ context: ForwardContext) -> Variable {
    var x = context.layer("conv1", conv1(images, context))
    x = context.layer("relu1", x.relu())
    x = context.layer("conv2", conv2(x, context))
    x = context.layer("relu2", x.relu())
    return context.layer("pool", x.maxPool(size: 2, stride: 2))
  }

  /// The attention among the cells, if there is.
  public var attentionHead: FeatureHead? { head.hasAttention ? head : nil }

  /// Dropout, the head, and the linear layers.
  public func logits(features: Variable, _ context: ForwardContext) -> Variable {
    var x = head(dropout1(features, context), context)
    guard let fc1 else { return fc2(x, context) }
    x = fc1(x, context).relu()
    x = dropout2(x, context)
    return fc2(x, context)
  }
}
