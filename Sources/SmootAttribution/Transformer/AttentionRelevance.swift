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
    try context.followingAttention(
      images, targets: targets, model: model, Self.description.name, needs: [.gradients]
    ) { block, relevance in
      guard let gradients = block.gradients else { return relevance }
      let attention = Saliency.rectified(gradients * block.weights).meanOfHeads
      return relevance + attention.stackedProduct(relevance)
    }
  }
}
