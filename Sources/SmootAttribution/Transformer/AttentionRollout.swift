public import SmootNN
public import SmootTensor

/// How much of each patch reaches the class token when attention is followed through all blocks; no class takes part.
///
/// Abnar and Zuidema, Quantifying Attention Flow in Transformers, 2020, section 3: the product, the last block on the left, of (mean attention of the heads + identity) / 2, where
/// the identity stands for the residual connection.
public struct AttentionRollout: AttributionMethod {
  /// Makes the method.
  public init() {}

  /// The method from options by name; it has none.
  public init(_ options: MethodOptions) throws(AttributionError) {}

  /// For lists and help.
  public static let description = MethodDescription(
    name: "attention-rollout", family: .transformer,
    summary: "attention followed through all blocks; knows no class", cost: "1F",
    suits: [.transformer], hasZero: false)

  /// The maps, [batch, 1, rows of patches, columns of patches].
  public func attribute(
    _ images: Tensor, targets: [Int32], model: any Classifier, _ context: AttributionContext
  ) throws(AttributionError) -> Attribution {
    try context.followingAttention(images, targets: targets, model: model, Self.description.name) {
      block, rollout in
      ((block.weights.meanOfHeads + .identity(rollout.shape[1])) * 0.5).stackedProduct(rollout)
    }
  }
}
