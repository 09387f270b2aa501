public import SmootNN
public import SmootTensor

/// How much each patch matters for the class when the positive part of the relevance of attention, times its gradient, is followed through all blocks.
///
/// Chefer, Gur and Wolf, Transformer Interpretability Beyond Attention Visualization, 2021, equations 13 and 14: the product, the last block on the left, of the identity and the mean
/// over the heads of the positive part of gradient times relevance. The authors' code adds up residual branches over the whole batch, which here is done image by image.
/// The rules divide by sums that nearly cancel, which in single precision loses figures with each block: with random weights three blocks keep five of them for most images, twelve
/// may keep none.
public struct AttentionLRP: AttributionMethod {
  /// Whether the rows of each block's matrix are divided by their sums, as in some of the authors' programs; the paper's are not.
  public var normalizesRows: Bool

  /// Makes the method.
  public init(normalizesRows: Bool = false) { self.normalizesRows = normalizesRows }

  /// The method from options by name.
  public init(_ options: MethodOptions) throws(AttributionError) {
    self.init(normalizesRows: try options.flag("normalize-rows", usual: false))
  }

  /// For lists and help.
  public static let description = MethodDescription(
    name: "attention-lrp", family: .transformer,
    summary: "positive relevance of attention times its gradient, through all blocks",
    cost: "1F + 1B + LRP through all blocks", suits: [.transformer],
    options: [
      MethodOption("normalize-rows", "false", "whether each block's rows add up to 1")
    ])

  /// The maps, [batch, 1, rows of patches, columns of patches].
  public func attribute(
    _ images: Tensor, targets: [Int32], model: any Classifier, _ context: AttributionContext
  ) throws(AttributionError) -> Attribution {
    try context.followingAttention(
      images, targets: targets, model: model, Self.description.name,
      needs: [.gradients, .relevance]
    ) { block, rollout in
      guard let gradients = block.gradients, let relevance = block.relevance else { return rollout }
      var matrix = Saliency.rectified(gradients * relevance).meanOfHeads
      matrix = matrix + .identity(rollout.shape[1])
      if normalizesRows { matrix = matrix / matrix.sum(over: [2]) }
      return matrix.stackedProduct(rollout)
    }
  }
}
