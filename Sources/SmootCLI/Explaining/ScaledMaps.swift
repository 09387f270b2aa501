import Smoot

/// Maps of some images in units of their limits, ready to be drawn.
struct ScaledMaps {
  let renderer: HeatmapRenderer
  /// The scale of all maps that are drawn together.
  var scale: HeatmapScale
  /// The images as they were before normalization.
  let images: [RGBAImage]
  /// The numbers of each map with the weakest and the strongest colour: [model][method][image].
  let limits: [[[ClosedRange<Float>]]]
  /// The maps in units of their limits: [model][method][image][pixel].
  private let values: [[[[Float]]]]
  private let size: ImageSize

  /// Brings maps between their limits.
  ///
  /// - Parameters:
  ///   - maps: [model][method][image][pixel].
  ///   - limits: [model][method][image]; 0 to 0 where there is nothing to show.
  ///   - unit: what the upper limits are, in words.
  ///   - images: [batch, channels, height, width], normalized.
  ///   - dataset: the images' data set, for its normalization.
  ///   - renderer: what draws them.
  init(
    _ maps: [[[[Float]]]], limits: [[[ClosedRange<Float>]]], unit: String, images: Tensor,
    dataset: ImageDataset, _ renderer: HeatmapRenderer
  ) {
    let values = zip(maps, limits).map { maps, limits in
      zip(maps, limits).map { maps, limits in
        zip(maps, limits).map { $0.inUnits(of: $1) }
      }
    }
    (self.renderer, self.limits, self.values, size) = (renderer, limits, values, dataset.size)
    scale = HeatmapScale(
      inUnitsOf: unit, values.flatMap { $0.flatMap(\.self) }, sign: renderer.sign,
      percentile: renderer.percentile)
    self.images = (0..<images.shape[0]).map {
      RGBAImage($0, of: images, dataset.normalization)
    }
  }

  /// A map's picture.
  func map(model: Int, method: Int, image: Int) -> Heatmap {
    renderer.render(
      values[model][method][image], height: size.height, width: size.width, scale: scale)
  }

  /// A map over its image, the stronger the larger it is.
  func overlay(model: Int, method: Int, image: Int) -> Heatmap {
    renderer.overlay(
      values[model][method][image], on: images[image], scale: scale, blending: .weighted)
  }
}
