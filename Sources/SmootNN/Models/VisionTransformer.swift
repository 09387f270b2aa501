public import SmootAutodiff
public import SmootTensor

/// A vision transformer with a class token and learned positions; names, shapes and initial values are those of timm's `VisionTransformer`.
///
/// Dosovitskiy et al., An Image Is Worth 16x16 Words, 2021; Touvron et al., Training Data-Efficient Image Transformers, 2021 (DeiT). Layer normalization with epsilon 1e-6
/// before each branch, exact GELU, a bias in every linear map.
public struct VisionTransformer: Classifier {
  /// The extents of a vision transformer.
  public struct Extents: Sendable, Equatable {
    /// Numbers in a token.
    public var width: Int
    /// Blocks.
    public var depth: Int
    /// Attention heads; divides the width.
    public var heads: Int
    /// Rows and columns of a patch; divides height and width of the images.
    public var patchSize: Int
    /// The perceptron's hidden width in units of ``width``.
    public var expansion = 4

    /// Makes extents.
    public init(width: Int, depth: Int, heads: Int, patchSize: Int) {
      self.width = width
      self.depth = depth
      self.heads = heads
      self.patchSize = patchSize
    }
  }

  /// The images that the network takes.
  public let inputSize: ImageSize
  /// How many classes it tells apart.
  public let classCount: Int
  /// The network's extents.
  public let extents: Extents
  package let embedding: Linear
  package let classToken: Parameter
  package let positions: Parameter
  package let blocks: [TransformerBlock]
  package let norm: LayerNorm
  package let head: Linear
  private let dropout: Dropout
  private let isDeterministic: Bool

  /// Makes a network with timm's initial values.
  ///
  /// - Parameters:
  ///   - inputSize: the images' extents; multiples of the patch size.
  ///   - classCount: how many classes to tell apart.
  ///   - extents: the network's extents.
  ///   - dropout: dropout rate of the tokens and in each branch.
  ///   - pathDropout: probability that the last block's branches are left out; rises from 0 at the first block.
  ///   - random: where the initial values come from.
  public init(
    inputSize: ImageSize, classCount: Int, extents: Extents, dropout: Float = 0,
    pathDropout: Float = 0, random: RandomKey
  ) {
    self.inputSize = inputSize
    self.classCount = classCount
    self.extents = extents
    let scope = ParameterScope(random: random)
    let (width, patch) = (extents.width, extents.patchSize)
    let values = inputSize.channels * patch * patch
    embedding = Linear(
      scope.scope("patch_embed").scope("proj"), inputs: values, outputs: width,
      layout: .patches(channels: inputSize.channels, size: patch))
    let patches = (inputSize.height / patch) * (inputSize.width / patch)
    classToken = scope.parameter("cls_token", [1, 1, width], .normal(standardDeviation: 1e-6))
    positions = scope.parameter(
      "pos_embed", [1, patches + 1, width], .truncatedNormal(standardDeviation: 0.02))
    blocks = (0..<extents.depth).map { index in
      TransformerBlock(
        scope.scope("blocks").scope(String(index)), width: width, heads: extents.heads,
        hidden: extents.expansion * width, dropout: dropout,
        pathDropout: pathDropout * Float(index) / Float(max(1, extents.depth - 1)))
    }
    norm = LayerNorm(scope.scope("norm"), width: width, epsilon: 1e-6)
    head = Linear(
      scope.scope("head"), inputs: width, outputs: classCount,
      weight: .truncatedNormal(standardDeviation: 0.02), bias: .constant(0))
    self.dropout = Dropout("dropout", rate: dropout)
    isDeterministic = dropout == 0 && pathDropout == 0
  }

  /// Class token, positions, patch embedding, blocks, norm and head: the order of timm's state dictionary.
  public var parameters: [Parameter] {
    [classToken, positions] + embedding.parameters + blocks.flatMap(\.parameters) + norm.parameters
      + head.parameters
  }

  /// The tokens [images x tokens, width]: after all blocks when nothing in them is random, else before the first.
  public func features(_ images: Variable, _ context: ForwardContext) -> Variable {
    let tokens = embedded(images, context)
    return isDeterministic ? transformed(tokens, context) : tokens
  }

  /// The class token's way through norm and head.
  public func logits(features: Variable, _ context: ForwardContext) -> Variable {
    let tokens = isDeterministic ? features : transformed(features, context)
    let shape: Shape = [tokens.shape[0] / tokenCount, tokenCount, extents.width]
    let classToken = tokens.reshaped(to: shape).sliced(axis: 1, 0..<1)
      .reshaped(to: [shape[0], extents.width])
    return head(norm(classToken, context), context)
  }

  package var tokenCount: Int { positions.value.shape[1] }

  private func embedded(_ images: Variable, _ context: ForwardContext) -> Variable {
    let (batch, width) = (images.shape[0], extents.width)
    let patches = embedding(images.patches(size: extents.patchSize), context)
      .reshaped(to: [batch, tokenCount - 1, width])
    let first = context.variable(classToken).broadcast(to: [batch, 1, width])
    return (Variable.concatenated([first, patches], axis: 1) + context.variable(positions))
      .reshaped(to: [batch * tokenCount, width])
  }

  private func transformed(_ tokens: Variable, _ context: ForwardContext) -> Variable {
    var tokens = dropout(tokens, context)
    for (index, block) in blocks.enumerated() {
      tokens = block(tokens, tokens: tokenCount, context.scoped("block \(index)"))
    }
    return tokens
  }
}
