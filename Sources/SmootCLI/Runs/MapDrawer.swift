import Foundation
import Smoot

/// The input gradients of some images under one model.
struct ExplainedImages {
  let name: String
  /// [batch, channels, height, width].
  let gradients: Tensor
  let logits: Tensor
  /// One number for each pixel, with its sign.
  let maps: [[Float]]

  init(
    _ batch: LabeledBatch, _ dataset: ImageDataset, _ model: LoadedModel,
    _ result: (gradients: Tensor, logits: Tensor)
  ) {
    name = model.training.map { "\($0.method.rawValue)" } ?? model.name
    gradients = result.gradients
    logits = result.logits
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
    // Models differ in the size of their gradients; each has a scale of its own unless there is only one.
    let scales = maps.map { renderer.scale(of: $0.maps) }
    let rows = batch.labels.indices.map { index in
      let label = dataset.classNames[Int(batch.labels[index])]
      let cells = zip(maps, scales).map { explained, scale in
        let heatmap = renderer.render(
          explained.maps[index], height: size.height, width: size.width, scale: scale)
        return ImageGrid.Cell(heatmap, caption: prediction(explained, index))
      }
      return ImageGrid.Row(label: label, cells: [ImageGrid.Cell(pictures[index])] + cells)
    }
    let shown = Array(rows.prefix(32))
    let grid = ImageGrid(
      title: "Input gradients",
      subtitle: "\(dataset.name) \(dataset.split), each model on its own scale (99th percentile)",
      columns: ["image"] + maps.map(\.name), rows: shown,
      colorBar: scales.first.map { ColorBar(renderer, scale: $0) })
    try grid.figure().write(to: folder + "/grid.png")
    for index in batch.labels.indices {
      let heatmap = renderer.render(
        maps[0].maps[index], height: size.height, width: size.width, scale: scales[0])
      let overlay = renderer.overlay(
        maps[0].maps[index], on: pictures[index], scale: scales[0], blending: .weighted)
      let name = "\(folder)/maps/\(batch.indices[index])"
      try heatmap.image.enlarged(8).writePNG(to: name + "-map.png")
      try overlay.image.enlarged(8).writePNG(to: name + "-overlay.png")
    }
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
    return best == Int(batch.labels[index]) ? "" : "says \(dataset.classNames[best])"
  }
}
