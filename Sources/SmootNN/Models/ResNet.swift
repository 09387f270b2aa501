public import SmootAutodiff
public import SmootTensor

/// A residual network; names, shapes and initial values are those of torchvision's.
///
/// He, Zhang, Ren and Sun, Deep Residual Learning for Image Recognition, 2016; the stride of a bottleneck is in its 3x3 convolution, as in torchvision. Images below 112 pixels
/// get the stem that is usual for CIFAR, unless told otherwise.
public struct ResNet: Classifier {
  /// Which residual network.
  public enum Variant: String, Sendable, CaseIterable {
    /// Two 3x3 convolutions a block, 2 blocks a stage.
    case resnet18
    /// Bottlenecks, 3, 4, 6 and 3 blocks.
    case resnet50

    var blocks: [Int] {
      switch self {
      case .resnet18: [2, 2, 2, 2]
      case .resnet50: [3, 4, 6, 3]
      }
    }

    var isBottleneck: Bool { self == .resnet50 }
  }

  /// The first layers of a residual network.
  public enum Stem: String, Sendable, Codable, CaseIterable {
    /// A 7x7 convolution with stride 2 and a max-pool: for images of 112 pixels or more.
    case imagenet
    /// A 3x3 convolution with stride 1: for small images.
    case cifar
  }

  /// The images that the network takes.
  public let inputSize: ImageSize
  /// How many classes it tells apart.
  public let classCount: Int
  package let stem: Conv2D
  package let stemNorm: BatchNorm2D
  package let poolsStem: Bool
  package let blocks: [ResidualBlock]
  /// How many blocks the stages have.
  private let depths: [Int]
  /// What the linear layer sees of the last feature map.
  public let featureHead: FeatureHead
  package let head: Linear

  /// Makes a network with torchvision's initial values.
  ///
  /// - Parameters:
  ///   - variant: which one.
  ///   - inputSize: the images' extents.
  ///   - classCount: how many classes to tell apart.
  ///   - chosen: the first layers; by the images' extents when left out.
  ///   - head: what the linear layer sees of the last feature map; the mean over its cells when left out.
  ///   - random: where the initial values come from.
  public init(
    _ variant: Variant, inputSize: ImageSize, classCount: Int, stem chosen: Stem? = nil,
    head: FeatureHead.Options? = nil, random: RandomKey
  ) {
    self.inputSize = inputSize
    self.classCount = classCount
    let scope = ParameterScope(random: random)
    poolsStem = Self.stem(of: inputSize, chosen) == .imagenet
    stem = .withoutBias(
      scope.scope("conv1"), from: inputSize.channels, to: 64, kernelSize: poolsStem ? 7 : 3,
      stride: poolsStem ? 2 : 1)
    stemNorm = BatchNorm2D(scope.scope("bn1"), channels: 64)
    depths = variant.blocks
    var blocks: [ResidualBlock] = []
    var channels = 64
    for (stage, count) in variant.blocks.enumerated() {
      let width = 64 << stage
      for index in 0..<count {
        let block = ResidualBlock(
          scope.scope("layer\(stage + 1)").scope(String(index)), inputChannels: channels,
          width: width, stride: stage > 0 && index == 0 ? 2 : 1,
          isBottleneck: variant.isBottleneck)
        channels = block.outputChannels
        blocks.append(block)
      }
    }
    self.blocks = blocks
    featureHead = FeatureHead(
      head ?? FeatureHead.Options(readout: .mean),
      input: Self.featureSize(of: inputSize, variant, stem: chosen))
    self.head = Linear(
      scope.scope("fc"), inputs: featureHead.outputs, outputs: classCount,
      layout: featureHead.layout)
  }

  /// The first layers: as chosen, or by the images' extents.
  private static func stem(of size: ImageSize, _ chosen: Stem?) -> Stem {
    chosen ?? (min(size.height, size.width) >= 112 ? .imagenet : .cifar)
  }

  /// The last feature map of an image: channels, height and width.
  static func featureSize(of size: ImageSize, _ variant: Variant, stem: Stem?) -> ImageSize {
    // Each stride of 2 halves the extents and rounds up: two in the stem for large images, three between the stages.
    let factor = Self.stem(of: size, stem) == .imagenet ? 32 : 8
    return ImageSize(
      channels: variant.isBottleneck ? 2048 : 512, height: (size.height + factor - 1) / factor,
      width: (size.width + factor - 1) / factor)
  }

  /// The attention among the cells, if there is.
  public var attentionHead: FeatureHead? { featureHead.hasAttention ? featureHead : nil }

  /// From the image to the logits.
  public var parameters: [Parameter] {
    stem.parameters + stemNorm.parameters + blocks.flatMap(\.parameters) + head.parameters
  }

  /// The stem, the four stages, and the head.
  public var layers: [[String]] {
    [["conv1", "bn1"], ["layer1"], ["layer2"], ["layer3"], ["layer4"], ["fc"]]
  }

  /// The linear layer.
  public var heads: [String] { ["fc"] }

  /// The running statistics of all batch normalizations.
  public var buffers: [Parameter] { stemNorm.buffers + blocks.flatMap(\.buffers) }

  /// The first convolution.
  public func features(_ images: Variable, _ context: ForwardContext) -> Variable {
    context.layer("conv1", stem(images.channelsLast, context))
  }

  /// Normalization and pooling of the stem, the residual blocks, the mean over all pixels or what another head makes of them, and the linear layer.
  public func logits(features: Variable, _ context: ForwardContext) -> Variable {
    var x: Variable
    if context.isFused {
      x = stemNorm(features, then: .relu, context)
    } else {
      x = context.layer("bn1", stemNorm(features, context))
      x = context.layer("relu", x.relu())
    }
    if poolsStem { x = context.layer("maxpool", x.maxPool(size: 3, stride: 2, padding: 1)) }
    var remaining = blocks[...]
    for (stage, depth) in depths.enumerated() {
      for (index, block) in remaining.prefix(depth).enumerated() {
        x = block(x, context.part("layer\(stage + 1).\(index)"))
      }
      remaining = remaining.dropFirst(depth)
      x = context.layer("layer\(stage + 1)", x)
    }
    return head(featureHead(x, context), context)
  }
}
