import SmootAutodiff
public import SmootTensor

/// Groups of weighted feature maps, each weighted by what the image gains when it is seen sharply through the group and blurred elsewhere.
///
/// Zhang, Rao and Yang, Group-CAM: Group Score-Weighted Visual Explanations for Deep Convolutional Networks, 2021. Feature maps weighted as in Grad-CAM are added in groups of
/// neighbours, rectified, emptied at or below a percentile (NumPy's linear one), resized and brought to [0, 1]; a group that is flat is left out. The gain is one of probability.
/// Where the number of maps is no multiple of the number of groups, the first groups have one map more.
public struct GroupCAM: ClassActivationMethod {
  /// The layers and how their maps are put together.
  public var common: ClassActivationOptions
  /// How many groups there are; at most as many as maps.
  public var groups: Int
  /// The percentile at or below which a group's map is emptied, from 0 to 100.
  public var percentile: Float

  /// Makes the method.
  ///
  /// - Parameters:
  ///   - common: the layers.
  ///   - groups: how many groups there are.
  ///   - percentile: at or below which a group's map is emptied, from 0 to 100.
  public init(
    _ common: ClassActivationOptions = ClassActivationOptions(), groups: Int = 32,
    percentile: Float = 70
  ) {
    self.common = common
    self.groups = groups
    self.percentile = percentile
  }

  /// The method from options by name.
  public init(_ options: MethodOptions) throws(AttributionError) {
    self.init(
      try ClassActivationOptions(options),
      groups: try options.integer("groups", usual: 32, in: 1...65_536),
      percentile: try options.number("percentile", usual: 70, in: 0...100))
  }

  /// For lists and help.
  public static let description = MethodDescription(
    name: "group-cam", family: .classActivation,
    summary: "groups of feature maps weighted by what a blurred image gains from them",
    cost: "(groups + 2)F + 1B",
    options: ClassActivationOptions.described() + [
      MethodOption("groups", 32, "how many groups of feature maps"),
      MethodOption("percentile", 70, "at or below which a group's map is emptied"),
    ])

  /// The maps of one layer, in the extents of the images.
  public func maps(of layer: LayerPass) -> Tensor {
    let (height, width) = (layer.images.shape[2], layer.images.shape[3])
    let weights = layer.gradients.mapMeans.reshaped(to: [layer.targets.count, layer.mapCount, 1, 1])
    let weighted = layer.values * weights
    let blurred = layer.images.blurred(size: 51, standardDeviation: 50)
    let maps = layer.targets.indices.map { image in
      let sharp = layer.images.sliced(axis: 0, image..<image + 1)
      let blurred = blurred.sliced(axis: 0, image..<image + 1)
      func score(_ images: Tensor) -> [Float] {
        layer.model.scores(images, ofClass: layer.targets[image], .prob)
      }
      let basis = score(blurred)[0]
      let masks = masks(
        weighted.sliced(axis: 0, image..<image + 1), height: height, width: width)
      var sum = Tensor.zeros([1, 1, height, width])
      layer.context.forEachPiece(of: masks.count) { piece in
        let mask = Tensor.concatenated(Array(masks[piece]), axis: 0)
        let gains = score(blurred + (sharp - blurred) * mask).map { $0 - basis }
        for (index, gain) in gains.enumerated() {
          sum = sum + masks[piece.lowerBound + index] * gain
        }
      }
      return sum
    }
    return .concatenated(maps, axis: 0)
  }

  /// The groups' masks in [0, 1], without those that are flat.
  private func masks(_ weighted: Tensor, height: Int, width: Int) -> [Tensor] {
    let count = weighted.shape[1]
    let groups = min(groups, count)
    var (masks, start) = ([Tensor](), 0)
    for group in 0..<groups {
      let end = start + count / groups + (group < count % groups ? 1 : 0)
      let map = Saliency.rectified(weighted.sliced(axis: 1, start..<end).sum(over: [1]))
      start = end
      let threshold = Self.percentile(percentile, of: map.scalars)
      let mask = Saliency.resized(
        map.mapped { $0 > threshold ? $0 : 0 }, height: height, width: width)
      let values = mask.scalars
      if let low = values.min(), let high = values.max(), high > low {
        masks.append(Saliency.normalized(mask, .paper))
      }
    }
    return masks
  }

  /// A percentile on straight lines between sorted values.
  private static func percentile(_ percent: Float, of values: [Float]) -> Float {
    let sorted = values.sorted()
    let place = Double(percent) / 100 * Double(sorted.count - 1)
    let low = Int(place)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (sorted[high] - sorted[low]) * Float(place - Double(low))
  }
}
