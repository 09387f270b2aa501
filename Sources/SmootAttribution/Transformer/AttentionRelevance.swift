public import SmootNN
public import SmootTensor

/// How much each patch matters for the class when positive attention times its gradient is followed through all blocks.
///
/// Chefer, Gur and Wolf, Generic Attention-model Explainability for Interpreting Bi-Modal and Encoder-Decoder Transformers, 2021, equations 5 and 6: R becomes R + A R, where A is the
/// mean over the heads of the positive part of attention times gradient.
public struct AttentionRelevance: AttributionMethod {
  /// Makes the method.
  public init() {}

  /// The method from options by name; it has none.
  public init(_ options: MethodOptions) throws(AttributionError) {}

  /// For lists and help.
  public static let description = MethodDescription(
    name: "attention-relevance", family: .transformer,
    summary: "positive attention times gradient, followed through all blocks (Chefer et al.)",
    cost: "1F + 1B", suits: [.transformer])

  /// The maps, [batch, 1, rows of patches, columns of patches].
  public func attribute(
    _ images: Tensor, targets: [Int32], model: any Classifier, _ context: AttributionContext
  ) throws(AttributionError) -> Attribution {
    var (maps, saturated) = ([Tensor](), [Bool]())
    try context.forEachPiece(of: targets.count) { (piece: Range<Int>) throws(AttributionError) in
      let pass = try AttentionPass(
        images.sliced(axis: 0, piece), targets: Array(targets[piece]), model: model, context,
        needsGradients: true, method: Self.description.name)
      let count = pass.grid.count
      var relevance = Tensor.identity(count).broadcast(to: [piece.count, count, count])
      for block in pass.blocks {
        guard let gradients = block.gradients else { continue }
        let attention = Saliency.rectified(gradients * block.weights).meanOfHeads
        relevance = relevance + attention.stackedProduct(relevance)
      }
      maps.append(pass.map(relevance))
      saturated += pass.saturated
    }
    return Attribution(.concatenated(maps, axis: 0), saturated: saturated)
  }
}
