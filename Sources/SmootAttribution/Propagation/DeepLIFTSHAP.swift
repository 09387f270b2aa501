import SmootAutodiff
public import SmootNN
public import SmootTensor

/// The mean of ``DeepLIFT`` over reference images, which come with the context.
///
/// Lundberg and Lee, A Unified Approach to Interpreting Model Predictions, 2017. Maps add up to the difference of the logit from its mean over the reference images. Every image
/// and every reference image goes through the network once; only the way back is taken for each pair of them.
public struct DeepLIFTSHAP: AttributionMethod {
  /// Makes the method.
  public init() {}

  /// The method from options by name.
  public init(_ options: MethodOptions) throws(AttributionError) { self.init() }

  /// Reference images.
  public var needs: ContextNeeds { .references }

  /// For lists and help.
  public static let description = MethodDescription(
    name: "deeplift-shap", family: .propagation,
    summary: "the mean of deeplift over reference images",
    cost: "1F + references x 1B, and references x 1F once", suits: [.convolutional, .residual])

  /// Means, [batch, channels, height, width].
  public func attribute(
    _ images: Tensor, targets: [Int32], model: any Classifier, _ context: AttributionContext
  ) throws(AttributionError) -> Attribution {
    let name = Self.description.name
    let references = try context.references(for: images, name)
    let count = references.shape[0]
    var (pieces, differences) = ([Tensor](), [Float]())
    try context.forEachPiece(of: targets.count) { (piece) throws(AttributionError) in
      let (images, targets) = (images.sliced(axis: 0, piece), Array(targets[piece]))
      let pass = RecordedPass(images, model, keepsValues: true, layers: LayerProbe())
      var sum = Tensor.zeros(images.shape)
      var difference = [Float](repeating: 0, count: targets.count)
      for index in 0..<count {
        let reference = references.sliced(axis: 0, index..<index + 1)
        let rule = RescaleRule(pass, ReferencePass(reference, model), name, context.score)
        let part = try rule.multipliers(targets)
        sum.add(part.multipliers * (images - reference))
        for image in targets.indices { difference[image] += part.differences[image] / Float(count) }
      }
      pieces.append(sum * (1 / Float(count)))
      differences += difference
    }
    let maps = Tensor.joined(pieces, like: images)
    return Attribution(maps, deltas: maps.deltas(from: differences))
  }
}
