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
    var (maps, saturated) = ([Tensor](), [Bool]())
    try context.forEachPiece(of: targets.count) { (piece: Range<Int>) throws(AttributionError) in
      let pass = try AttentionPass(
        images.sliced(axis: 0, piece), targets: Array(targets[piece]), model: model, context,
        needsGradients: true, needsRelevance: true, method: Self.description.name)
      let identity = Tensor.identity(pass.grid.count)
      var rollout = identity.broadcast(to: [piece.count, pass.grid.count, pass.grid.count])
      for block in pass.blocks {
        guard let gradients = block.gradients, let relevance = block.relevance else { continue }
        var matrix = Saliency.rectified(gradients * relevance).meanOfHeads + identity
        if normalizesRows { matrix = matrix / matrix.sum(over: [2]) }
        rollout = matrix.stackedProduct(rollout)
      }
      maps.append(pass.map(rollout))
      saturated += pass.saturated
    }
    return Attribution(.concatenated(maps, axis: 0), saturated: saturated)
  }
}
