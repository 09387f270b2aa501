public import SmootNN
public import SmootTensor

/// What a layer gave for some images, and the gradients of the explained scores with respect to it.
public struct LayerPass {
  /// The layer's name.
  public let name: String
  /// The feature maps, [batch, maps, height, width].
  public let values: Tensor
  /// The gradients, of the same shape; zeros when none were asked for.
  public let gradients: Tensor
  /// The images, [batch, channels, height, width].
  public let images: Tensor
  /// The class explained for each image.
  public let targets: [Int32]
  /// The place of the first of these images in the batch that is explained.
  public let start: Int
  /// The network.
  public let model: any Classifier
  /// What all methods have in common.
  public let context: AttributionContext
  /// Everything that was computed, for methods that send relevance back.
  package let record: Record?

  /// Makes a pass from what a layer gave.
  package init(
    name: String, values: Tensor, gradients: Tensor, images: Tensor, targets: [Int32], start: Int,
    model: any Classifier, context: AttributionContext, record: Record? = nil
  ) {
    self.name = name
    self.values = values
    self.gradients = gradients
    self.images = images
    self.targets = targets
    self.start = start
    self.model = model
    self.context = context
    self.record = record
  }

  /// How many feature maps there are.
  public var mapCount: Int { values.shape[1] }

  /// The score of a class for each of some images, with the kind of score that is explained.
  package func scores(_ images: Tensor, image: Int) -> [Float] {
    model.scores(images, ofClass: targets[image], context.score)
  }

  /// The same layer for variants of one image.
  ///
  /// - Parameters:
  ///   - variants: [variants, channels, height, width].
  ///   - image: whose target is explained.
  func again(for variants: Tensor, image: Int) throws(AttributionError) -> LayerPass {
    let targets = [Int32](repeating: targets[image], count: variants.shape[0])
    return try LayerPasses(
      variants, targets: targets, start: start, layers: [name], model: model, context,
      needsGradients: true
    ).layers[0]
  }
}
