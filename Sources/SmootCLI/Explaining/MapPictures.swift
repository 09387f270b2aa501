import Smoot

/// Images and their maps as pictures on one colour scale.
struct MapPictures {
  let models: [ExplainedModel]
  let labels: [Int32]
  let indices: [Int]
  let dataset: ImageDataset
  let renderer: HeatmapRenderer
  /// The scale of all maps, which are in units of their limits.
  let scale: HeatmapScale
  /// The images as they were before normalization.
  let images: [RGBAImage]
  /// What each map was divided by: [model][method][image].
  let limits: [[[Float]]]
  /// The maps in units of their limits: [model][method][image][pixel].
  private let scaled: [[[[Float]]]]

  /// Brings maps to one scale.
  ///
  /// - Parameters:
  ///   - models: the maps; all models have the same methods and images.
  ///   - images: [batch, channels, height, width], normalized.
  ///   - labels: the class of each image.
  ///   - indices: the images' places in their data set.
  ///   - dataset: the data set, for its normalization and names.
  ///   - sign: which part of a number is shown.
  ///   - scaling: what each map is divided by.
  init(
    _ models: [ExplainedModel], images: Tensor, labels: [Int32], indices: [Int],
    dataset: ImageDataset, sign: HeatmapScale.Sign, scaling: MapScaling
  ) {
    (self.models, self.labels, self.indices, self.dataset) = (models, labels, indices, dataset)
    let renderer = HeatmapRenderer(sign: sign)
    let maps = models.map { $0.maps.map(\.drawn) }
    let limits = scaling.limits(of: maps, renderer)
    let scaled = zip(maps, limits).map { maps, limits in
      zip(maps, limits).map { maps, limits in
        zip(maps, limits).map { values, limit in
          limit > 0 ? values.map { $0 / limit } : values
        }
      }
    }
    self.renderer = renderer
    self.limits = limits
    self.scaled = scaled
    scale = HeatmapScale(
      inUnitsOf: scaling.unit, scaled.flatMap { $0.flatMap(\.self) }, sign: sign,
      percentile: renderer.percentile)
    let values = images.scalars
    let size = dataset.size
    let count = size.channels * size.pixels
    self.images = labels.indices.map { index in
      let planes = values[index * count..<(index + 1) * count].enumerated().map { offset, value in
        dataset.normalization.pixel(value, channel: offset / size.pixels)
      }
      return RGBAImage(
        planes: planes, channels: size.channels, height: size.height, width: size.width)
    }
  }

  /// A map's picture.
  func map(model: Int, method: Int, image: Int) -> Heatmap {
    renderer.render(
      scaled[model][method][image], height: dataset.size.height, width: dataset.size.width,
      scale: scale)
  }

  /// A map over its image, the stronger the larger it is.
  func overlay(model: Int, method: Int, image: Int) -> Heatmap {
    renderer.overlay(
      scaled[model][method][image], on: images[image], scale: scale, blending: .weighted)
  }

  /// What is to be said about a map: a wrong prediction, a status.
  func caption(model: Int, method: Int, image: Int) -> String {
    let explained = models[model]
    let best = explained.logits.argmaxOfRows[image]
    let status = explained.maps[method].attribution.statuses[image]
    let parts = [
      best == Int(labels[image]) ? "" : "says \(explained.classNames[best])",
      status == .ok ? "" : status.rawValue,
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: ", ")
  }

  /// The name of an image's class.
  func className(_ image: Int) -> String { dataset.classNames[Int(labels[image])] }
}
