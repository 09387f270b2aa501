import Smoot

/// Images and their maps as pictures on one colour scale.
struct MapPictures {
  let models: [ExplainedModel]
  let labels: [Int32]
  let indices: [Int]
  let dataset: ImageDataset
  /// The maps on their scale.
  var maps: ScaledMaps

  var renderer: HeatmapRenderer { maps.renderer }
  var scale: HeatmapScale { maps.scale }
  var images: [RGBAImage] { maps.images }

  /// Takes maps that are on one scale.
  init(
    _ models: [ExplainedModel], _ maps: ScaledMaps, labels: [Int32], indices: [Int],
    dataset: ImageDataset
  ) {
    (self.models, self.maps, self.labels, self.indices) = (models, maps, labels, indices)
    self.dataset = dataset
  }

  /// Brings maps to one scale.
  ///
  /// - Parameters:
  ///   - models: the maps; all models have the same methods and images.
  ///   - images: [batch, channels, height, width], normalized.
  ///   - labels: the class of each image.
  ///   - indices: the images' places in their data set.
  ///   - dataset: the data set, for its normalization and names.
  ///   - sign: which part of a number is shown.
  ///   - scaling: what the maps share their limits by.
  init(
    _ models: [ExplainedModel], images: Tensor, labels: [Int32], indices: [Int],
    dataset: ImageDataset, sign: HeatmapScale.Sign, scaling: MapScaling
  ) {
    let renderer = HeatmapRenderer(sign: sign)
    let maps = models.map(\.drawn)
    let methods = models.first?.maps.map(\.method) ?? []
    let ranges = methods.map { $0.range(sign) }
    let scaled = ScaledMaps(
      maps, limits: scaling.limits(of: maps, ranges, renderer),
      unit: scaling.unit(methods.map(\.name), ranges), images: images, dataset: dataset, renderer)
    self.init(models, scaled, labels: labels, indices: indices, dataset: dataset)
  }

  /// A map's picture.
  func map(model: Int, method: Int, image: Int) -> Heatmap {
    maps.map(model: model, method: method, image: image)
  }

  /// A map over its image, the stronger the larger it is.
  func overlay(model: Int, method: Int, image: Int) -> Heatmap {
    maps.overlay(model: model, method: method, image: image)
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
