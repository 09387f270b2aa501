import Smoot

/// Some images with their maps under all models.
struct ExplainedPiece {
  /// [batch, channels, height, width], normalized.
  let images: Tensor
  let labels: [Int32]
  /// The images' places in their data set.
  let indices: [Int]
  let models: [ExplainedModel]

  /// What is drawn: [model][method][image][pixel].
  var drawn: [[[[Float]]]] { models.map(\.drawn) }
}
