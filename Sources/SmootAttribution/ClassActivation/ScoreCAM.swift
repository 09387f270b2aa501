import SmootAutodiff
public import SmootTensor

/// Feature maps weighted by the scores of the image seen through each of them.
///
/// Wang et al., Score-CAM: Score-Weighted Visual Explanations for Convolutional Neural Networks, 2020: each map is brought to the image's extents and to [0, 1], multiplied with the
/// image, and the softmax over the maps of the scores that result gives the weights. Which score is the context's: with logits of confident networks the softmax is nearly
/// one-hot; probabilities give softer weights. Convention pgc resizes with aligned corners, the others with half-pixel centres.
public struct ScoreCAM: ClassActivationMethod {
  /// The layers and how their maps are put together.
  public var common: ClassActivationOptions

  /// Makes the method.
  public init(_ common: ClassActivationOptions = ClassActivationOptions()) { self.common = common }

  /// The method from options by name.
  public init(_ options: MethodOptions) throws(AttributionError) {
    self.init(try ClassActivationOptions(options))
  }

  /// For lists and help.
  public static let description = MethodDescription(
    name: "score-cam", family: .classActivation,
    summary: "feature maps weighted by the score of the image seen through them",
    cost: "(maps + 1)F", options: ClassActivationOptions.described())

  /// Only scores matter.
  public static let needsGradients = false

  /// The maps of one layer.
  public func maps(of layer: LayerPass) -> Tensor {
    let (height, width) = (layer.images.shape[2], layer.images.shape[3])
    let isAligned = common.convention == .pgc
    let rows = Interpolation.linearMatrix(
      from: layer.values.shape[2], to: height, alignsCorners: isAligned)
    let columns = Interpolation.linearMatrix(
      from: layer.values.shape[3], to: width, alignsCorners: isAligned)
    var scores: [Float] = []
    for image in layer.targets.indices {
      let original = layer.images.sliced(axis: 0, image..<image + 1)
      let maps = layer.values.sliced(axis: 0, image..<image + 1)
      layer.context.forEachPiece(of: layer.mapCount) { piece in
        let large = maps.sliced(axis: 1, piece).resampled(rows: rows, columns: columns)
        let seen = large.reshaped(to: [piece.count, 1, height, width]).onUnitScale(epsilon: 1e-8)
        scores += layer.scores(original * seen, image: image)
      }
    }
    let weights = Tensor(scores, shape: [layer.targets.count, layer.mapCount]).softmaxOfRows
    return layer.values.weightedMaps(weights)
  }
}

extension Tensor {
  /// Each map from 0 to 1: the minimum subtracted, then divided by the range and an epsilon.
  func onUnitScale(epsilon: Float) -> Tensor {
    let low = -((-self).maximum(over: [2, 3]))
    let range = (maximum(over: [2, 3]) - low).mapped { $0 + epsilon }
    return (self - low) / range
  }
}
