import SmootAutodiff
public import SmootNN
public import SmootTensor

/// The difference of the image from a baseline, shared out by how much each activation differs from what it is for the baseline: the rescale rule.
///
/// Shrikumar, Greenside and Kundaje, Learning Important Features Through Propagating Activation Differences, 2017, in the form of Ancona et al., 2018. Maps add up to the
/// difference of the logits; the deltas say how far they are from it. Deviations from Captum: the baseline goes through the network once instead of doubling every batch;
/// windows of a max-pool may overlap; and where a max-pool's input does not differ, its gradient is that of the image itself, not that of the first one of the batch.
public struct DeepLIFT: AttributionMethod {
  /// What the image is compared with.
  public var baseline: Baseline

  /// Makes the method.
  public init(baseline: Baseline = .constant(0)) { self.baseline = baseline }

  /// The method from options by name.
  public init(_ options: MethodOptions) throws(AttributionError) {
    self.init(baseline: .constant(try options.number("baseline", usual: 0, in: -1000...1000)))
  }

  /// For lists and help.
  public static let description = MethodDescription(
    name: "deeplift", family: .propagation,
    summary: "differences from a baseline, shared out activation by activation",
    cost: "1F + 1B, and 1F for the baseline", suits: [.convolutional, .residual],
    options: [
      MethodOption("baseline", 0, "the normalized value of all pixels of the baseline")
    ])

  /// Maps [batch, channels, height, width] that add up to the difference of the logits.
  public func attribute(
    _ images: Tensor, targets: [Int32], model: any Classifier, _ context: AttributionContext
  ) throws(AttributionError) -> Attribution {
    let baselines = try baseline.tensor(for: images)
    let isShared = baselines.shape[0] == 1
    let shared = isShared ? ReferencePass(baselines, model) : nil
    var (pieces, differences) = ([Tensor](), [Float]())
    try context.forEachPiece(of: targets.count) { (piece) throws(AttributionError) in
      let images = images.sliced(axis: 0, piece)
      let own = isShared ? baselines : baselines.sliced(axis: 0, piece)
      let reference = shared ?? ReferencePass(own, model)
      let rule = RescaleRule(
        RecordedPass(images, model, keepsValues: true, layers: LayerProbe()), reference,
        Self.description.name, context.score)
      let (multipliers, difference) = try rule.multipliers(Array(targets[piece]))
      pieces.append(multipliers * (images - own))
      differences += difference
    }
    let maps = Tensor.joined(pieces, like: images)
    return Attribution(maps, deltas: maps.deltas(from: differences))
  }
}
