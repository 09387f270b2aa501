import SmootAutodiff
import SmootNN
public import SmootTensor

/// Feature maps weighted by the share of the score that is lost without each of them.
///
/// Desai and Ramaswamy, Ablation-CAM: Visual Explanations for Deep Convolutional Network via Gradient-free Localization, 2020, equation 5: w = (f - f without the map) / f, with its
/// sign; no weight is defined where f is zero, which gives a map of zeros. A map is set to zero. Convention pgc sets it to the layer's minimum - 1e7 where that minimum is not
/// zero; pytorch-grad-cam itself lowers the value further for each map of a batch, so that its weights there depend on the batch size.
public struct AblationCAM: ClassActivationMethod {
  /// What holds where nothing is chosen.
  public static let usual = ClassActivationOptions(convention: .paper)

  /// The layers and how their maps are put together.
  public var common: ClassActivationOptions

  /// Makes the method.
  public init(_ common: ClassActivationOptions = AblationCAM.usual) { self.common = common }

  /// The method from options by name.
  public init(_ options: MethodOptions) throws(AttributionError) {
    self.init(try ClassActivationOptions(options, usual: Self.usual))
  }

  /// For lists and help.
  public static let description = MethodDescription(
    name: "ablation-cam", family: .classActivation,
    summary: "feature maps weighted by what the score loses without them",
    cost: "1F + maps x F from the layer on", options: ClassActivationOptions.described(usual: usual)
  )

  /// Only scores matter.
  public static let needsGradients = false

  /// The maps of one layer.
  public func maps(of layer: LayerPass) -> Tensor {
    var weights: [Float] = []
    for image in layer.targets.indices {
      let score = scores(of: layer, image, variants: 1) { $0 }[0]
      layer.context.forEachPiece(of: layer.mapCount) { maps in
        let without = scores(of: layer, image, variants: maps.count) {
          $0.repeatedWithout(maps, replacement: replacement($0))
        }
        weights += without.map { score == 0 ? 0 : (score - $0) / score }
      }
    }
    return layer.values.weightedMaps(
      Tensor(weights, shape: [layer.targets.count, layer.mapCount]))
  }

  /// The scores of variants of an image that differ in a layer alone; the image as it is must be one of them, for a fused pass rounds differently.
  private func scores(
    of layer: LayerPass, _ image: Int, variants: Int, _ replace: @escaping (Tensor) -> Tensor
  ) -> [Float] {
    let probe = LayerProbe(
      only: [], replacing: [layer.name: { Variable(replace($0.value)) }])
    let original = layer.images.sliced(axis: 0, image..<image + 1)
    return layer.model.logits(Variable(original), .evaluation(layers: probe))
      .score(
        ofClasses: [Int32](repeating: layer.targets[image], count: variants), layer.context.score
      )
      .value.scalars
  }

  private func replacement(_ values: Tensor) -> Float {
    guard common.convention == .pgc else { return 0 }
    let minimum = values.withUnsafeElements { $0.min() ?? 0 }
    return minimum == 0 ? 0 : minimum - 1e7
  }
}

extension Tensor {
  /// One copy of these rows of channels for each of some channels, in which that channel has another value.
  fileprivate func repeatedWithout(_ channels: Range<Int>, replacement: Float) -> Tensor {
    let width = shape[shape.rank - 1]
    return Tensor(uninitialized: Shape([shape[0] * channels.count] + shape.dimensions.dropFirst()))
    {
      target in
      withPointers(self) { source in
        parallelFor(channels.count) { copy in
          let start = target + copy * count
          start.update(from: source, count: count)
          for place in stride(from: channels.lowerBound + copy, to: count, by: width) {
            start[place] = replacement
          }
        }
      }
    }
  }
}
