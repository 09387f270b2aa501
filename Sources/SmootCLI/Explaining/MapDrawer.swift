import Foundation
import Smoot

/// Draws images and their maps.
struct MapDrawer {
  let models: [ExplainedModel]
  let images: Tensor
  let labels: [Int32]
  let indices: [Int]
  let dataset: ImageDataset
  let sign: HeatmapScale.Sign

  private var size: ImageSize { dataset.size }

  /// The most images that a grid shows.
  private static let rows = 32

  /// Writes `grid.png`, and a map and an overlay of each image for each method under the first model.
  func write(to folder: String) throws {
    let renderer = HeatmapRenderer(sign: sign)
    let pictures = labels.indices.map { RGBAImage($0, of: images, dataset.normalization) }
    let scaled = models.map { model in
      model.maps.map { maps in maps.drawn.map { renderer.inUnitsOfItsLimit($0) } }
    }
    let scale = renderer.scale(of: scaled.flatMap { $0.flatMap(\.self) })
    try grid(pictures, scaled, renderer, scale).figure().write(to: folder + "/grid.png")
    guard let first = models.first, let maps = scaled.first else { return }
    for (method, maps) in zip(first.maps, maps) {
      let middle = first.maps.count == 1 ? "" : "\(method.method.name)-"
      for (index, values) in maps.enumerated() {
        let heatmap = renderer.render(
          values, height: size.height, width: size.width, scale: scale)
        let overlay = renderer.overlay(
          values, on: pictures[index], scale: scale, blending: .weighted)
        let name = "\(folder)/maps/\(indices[index])-\(middle)"
        try heatmap.image.enlarged(enlargement).writePNG(to: name + "map.png")
        try overlay.image.enlarged(enlargement).writePNG(to: name + "overlay.png")
      }
    }
  }

  /// How many pixels of a picture file stand for one of the image: 8 for small images.
  private var enlargement: Int { max(1, min(8, 512 / max(size.height, size.width))) }

  /// Images in rows; in columns the methods, or the models, or both.
  private func grid(
    _ pictures: [RGBAImage], _ scaled: [[[[Float]]]], _ renderer: HeatmapRenderer,
    _ scale: HeatmapScale
  ) -> ImageGrid {
    let rows = labels.indices.prefix(Self.rows).map { index in
      let cells = zip(models, scaled).flatMap { model, maps in
        zip(model.maps, maps).map { method, maps in
          let heatmap = renderer.render(
            maps[index], height: size.height, width: size.width, scale: scale)
          return ImageGrid.Cell(heatmap, caption: caption(model, method, index))
        }
      }
      return ImageGrid.Row(
        label: dataset.classNames[Int(labels[index])],
        cells: [ImageGrid.Cell(pictures[index])] + cells)
    }
    let methods = models.first?.maps.map(\.method) ?? []
    let titles = models.flatMap { model in
      methods.map { method in
        if methods.count == 1 { return model.name }
        return models.count == 1 ? method.name : "\(method.name) \(model.name)"
      }
    }
    let isGradient = methods.count == 1 && methods[0].method is Gradient
    let title =
      isGradient
      ? "Input gradients"
      : methods.count == 1 ? "Maps of \(methods[0].name)" : "Attribution maps"
    let shown = labels.count > rows.count ? " · the first \(rows.count) images" : ""
    return ImageGrid(
      title: title,
      subtitle:
        "\(dataset.name) \(dataset.split) · each map in units of its own 99th percentile\(shown)",
      columns: ["image"] + titles, rows: rows, colorBar: ColorBar(renderer, scale: scale))
  }

  /// What is to be said about a map: a wrong prediction, a status.
  private func caption(_ model: ExplainedModel, _ maps: ExplainedMaps, _ index: Int) -> String {
    let best = model.logits.argmaxOfRows[index]
    let status = maps.attribution.statuses[index]
    let parts = [
      best == Int(labels[index]) ? "" : "says \(model.classNames[best])",
      status == .ok ? "" : status.rawValue,
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: ", ")
  }
}
