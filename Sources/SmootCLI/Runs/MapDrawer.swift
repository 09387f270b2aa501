import Foundation
import Smoot

/// The input gradients of some images under one model.
struct ExplainedImages {
  let name: String
  /// [batch, channels, height, width].
  let gradients: Tensor
  let logits: Tensor
  /// The names of the classes that the model knows.
  let classNames: [String]
  /// One number for each pixel, with its sign.
  let maps: [[Float]]

  init(
    _ batch: LabeledBatch, _ dataset: ImageDataset, _ model: LoadedModel,
    _ result: (gradients: Tensor, logits: Tensor)
  ) {
    name = model.name
    gradients = result.gradients
    logits = result.logits
    classNames = model.description.classNames
    let pixels = Saliency.ofPixels(result.gradients, .meanThenAbs, isAbsolute: false).scalars
    let count = dataset.size.pixels
    maps = batch.labels.indices.map { Array(pixels[$0 * count..<($0 + 1) * count]) }
  }
}

/// Draws images and their maps.
struct MapDrawer {
  let maps: [ExplainedImages]
  let batch: LabeledBatch
  let dataset: ImageDataset
  let sign: HeatmapScale.Sign

  private var size: ImageSize { dataset.size }

  /// Writes `grid.png`, and a map and an overlay of each image for the first model.
  func write(to folder: String) throws {
    let renderer = HeatmapRenderer(sign: sign)
    let pictures = batch.labels.indices.map(picture)
    // The gradient of a confident prediction is small everywhere; on a scale of its own each map still shows where it is largest.
    let scaled = maps.map { $0.maps.map { inUnitsOfItsLimit($0, renderer) } }
    let scale = renderer.scale(of: scaled.flatMap(\.self))
    let rows = batch.labels.indices.prefix(32).map { index in
      let cells = zip(maps, scaled).map { explained, scaled in
        let heatmap = renderer.render(
          scaled[index], height: size.height, width: size.width, scale: scale)
        return ImageGrid.Cell(heatmap, caption: prediction(explained, index))
      }
      return ImageGrid.Row(
        label: dataset.classNames[Int(batch.labels[index])],
        cells: [ImageGrid.Cell(pictures[index])] + cells)
    }
    let grid = ImageGrid(
      title: "Input gradients",
      subtitle: "\(dataset.name) \(dataset.split) · each map in units of its own 99th percentile",
      columns: ["image"] + maps.map(\.name), rows: Array(rows),
      colorBar: ColorBar(renderer, scale: scale))
    try grid.figure().write(to: folder + "/grid.png")
    for (index, values) in (scaled.first ?? []).enumerated() {
      let heatmap = renderer.render(
        values, height: size.height, width: size.width, scale: scale)
      let overlay = renderer.overlay(
        values, on: pictures[index], scale: scale, blending: .weighted)
      let name = "\(folder)/maps/\(batch.indices[index])"
      try heatmap.image.enlarged(8).writePNG(to: name + "-map.png")
      try overlay.image.enlarged(8).writePNG(to: name + "-overlay.png")
    }
  }

  /// A map divided by the magnitude from which on it has the strongest colour.
  private func inUnitsOfItsLimit(_ values: [Float], _ renderer: HeatmapRenderer) -> [Float] {
    let limit = Float(renderer.scale(of: [values]).limit)
    return limit > 0 ? values.map { $0 / limit } : values
  }

  /// The image as it was before normalization.
  private func picture(_ index: Int) -> RGBAImage {
    let count = size.channels * size.pixels
    let values = batch.images.scalars[index * count..<(index + 1) * count]
    let planes = values.enumerated().map { offset, value in
      dataset.normalization.pixel(value, channel: offset / size.pixels)
    }
    return RGBAImage(
      planes: planes, channels: size.channels, height: size.height, width: size.width)
  }

  private func prediction(_ explained: ExplainedImages, _ index: Int) -> String {
    let best = explained.logits.argmaxOfRows[index]
    return best == Int(batch.labels[index]) ? "" : "says \(explained.classNames[best])"
  }
}
