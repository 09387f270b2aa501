public import SmootAutodiff
public import SmootTensor

/// A vision transformer with a class token and learned positions; names, shapes and initial values are those of timm's `VisionTransformer`.
///
/// Dosovitskiy et al., An Image Is Worth 16x16 Words, 2021; Touvron et al., Training Data-Efficient Image Transformers, 2021 (DeiT). Layer normalization with epsilon 1e-6
/// before each branch, exact GELU, a bias in every linear map. A distilled network has a second token and a second head; the logits are the mean of both heads', in training
/// as well, since there is no teacher here.
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
    /// Whether there is a distillation token with a head of its own.
    public var isDistilled = false

    /// Makes extents.
    public init(width: Int, depth: Int, heads: Int, patchSize: Int, isDistilled: Bool = false) {
      self.width = width
      self.depth = depth
      self.heads = heads
      self.patchSize = patchSize
      self.isDistilled = isDistilled
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
  package let distillationToken: Parameter?
  package let positions: Parameter
  package let blocks: [TransformerBlock]
  package let norm: LayerNorm
  package let head: Linear
  package let distillationHead: Linear?
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
    let normal = Initializer.truncatedNormal(standardDeviation: 0.02)
    distillationToken =
      extents.isDistilled ? scope.parameter("dist_token", [1, 1, width], normal) : nil
    positions = scope.parameter(
      "pos_embed", [1, patches + (extents.isDistilled ? 2 : 1), width], normal)
    blocks = (0..<extents.depth).map { index in
      TransformerBlock(
        scope.scope("blocks").scope(String(index)), width: width, heads: extents.heads,
        hidden: extents.expansion * width, dropout: dropout,
        pathDropout: pathDropout * Float(index) / Float(max(1, extents.depth - 1)))
    }
    norm = LayerNorm(scope.scope("norm"), width: width, epsilon: 1e-6)
    func makeHead(_ name: String) -> Linear {
      Linear(
        scope.scope(name), inputs: width, outputs: classCount, weight: normal, bias: .constant(0))
    }
    head = makeHead("head")
    distillationHead = extents.isDistilled ? makeHead("head_dist") : nil
    self.dropout = Dropout("dropout", rate: dropout)
    isDeterministic = dropout == 0 && pathDropout == 0
  }

  /// Class token, positions, patch embedding, blocks, norm and head: the order of timm's state dictionary.
  public var parameters: [Parameter] {
    [classToken, positions] + [distillationToken].compactMap(\.self) + embedding.parameters
      + blocks.flatMap(\.parameters) + norm.parameters + head.parameters
      + (distillationHead?.parameters ?? [])
  }

  /// The embedding, each block, and what follows them.
  public var layers: [[String]] {
    [["cls_token", "dist_token", "pos_embed", "patch_embed"]]
      + blocks.indices.map { ["blocks.\($0)"] } + [["norm", "head", "head_dist"]]
  }

  /// The linear layer, or both.
  public var heads: [String] { ["head", "head_dist"] }

  /// The tokens [images x tokens, width]: after all blocks when nothing in them is random, else before the first.
  ///
  /// After all blocks there are those that the heads read, and the others only in a pass that computes each operation by itself.
  public func features(_ images: Variable, _ context: ForwardContext) -> Variable {
    let tokens = embedded(images, context)
    return isDeterministic ? transformed(tokens, context) : tokens
  }

  /// The class token's way through norm and head.
  public func logits(features: Variable, _ context: ForwardContext) -> Variable {
    let tokens = isDeterministic ? features : transformed(features, context)
    // Only what the heads read is normalized, unless somebody wants to see the rest.
    let normalizesAll = context.layers != nil
    let normalized =
      normalizesAll ? context.layer("norm", norm(tokens, context), .tokens(grid)) : tokens
    let count = context.isFused ? prefixCount : tokenCount
    let images = normalized.reshaped(to: [normalized.shape[0] / count, count, extents.width])
    func scores(_ head: Linear, token: Int) -> Variable {
      let chosen = images.sliced(axis: 1, token..<token + 1)
        .reshaped(to: [images.shape[0], extents.width])
      return head(normalizesAll ? chosen : norm(chosen, context), context)
    }
    let logits = scores(head, token: 0)
    guard let distillationHead else { return logits }
    return (logits + scores(distillationHead, token: 1)) * 0.5
  }

  package var tokenCount: Int { positions.value.shape[1] }

  /// The tokens before those of the patches.
  private var prefixCount: Int { extents.isDistilled ? 2 : 1 }

  /// How the tokens lie.
  private var grid: TokenGrid {
    TokenGrid(
      prefix: prefixCount, rows: inputSize.height / extents.patchSize,
      columns: inputSize.width / extents.patchSize)
  }

  private func embedded(_ images: Variable, _ context: ForwardContext) -> Variable {
    let width = extents.width
    var patchGrid = grid
    patchGrid.prefix = 0
    var patches = embedding(images.patches(size: extents.patchSize), context)
    patches = context.layer("patch_embed", patches, .tokens(patchGrid))
    let batch = patches.shape[0] / patchGrid.count
    patches = patches.reshaped(to: [batch, patchGrid.count, width])
    let prefix = [classToken, distillationToken].compactMap(\.self).map {
      context.variable($0).broadcast(to: [batch, 1, width])
    }
    return (Variable.concatenated(prefix + [patches], axis: 1) + context.variable(positions))
      .reshaped(to: [batch * tokenCount, width])
  }

  private func transformed(_ tokens: Variable, _ context: ForwardContext) -> Variable {
    var tokens = context.layer("pos_drop", dropout(tokens, context), .tokens(grid))
    for (index, block) in blocks.enumerated() {
      let isLast = index == blocks.count - 1
      tokens = block(
        tokens, grid, first: isLast && context.isFused ? prefixCount : nil,
        context.scoped("block \(index)").part("blocks.\(index)"))
    }
    return tokens
  }
}
