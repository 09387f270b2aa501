import Foundation
import Smoot

/// Writes images and their maps as pictures.
struct MapDrawer {
  let pictures: MapPictures

  private var models: [ExplainedModel] { pictures.models }
  private var size: ImageSize { pictures.dataset.size }

  /// The most images that a grid shows.
  private static let rows = 32

  /// Writes `grid.png` of maps, `overlays.png` of maps over their images, and a map and an overlay of each image for each model and method.
  func write(to folder: String) throws {
    try grid { pictures.map(model: $0, method: $1, image: $2) }.figure()
      .write(to: folder + "/grid.png")
    try grid(" · maps the more opaque the larger") {
      pictures.overlay(model: $0, method: $1, image: $2)
    }.figure().write(to: folder + "/overlays.png")
    for (model, explained) in models.enumerated() {
      for (method, maps) in explained.maps.enumerated() {
        for (image, index) in pictures.indices.enumerated() {
          let name = ExplainRecord.pictureName(
            index, explained.label, maps.method.name, isOnly: explained.maps.count == 1)
          let path = "\(folder)/maps/\(name)"
          try pictures.map(model: model, method: method, image: image).image
            .enlarged(enlargement).writePNG(to: path + "map.png")
          try pictures.overlay(model: model, method: method, image: image).image
            .enlarged(enlargement).writePNG(to: path + "overlay.png")
        }
      }
    }
  }

  /// How many pixels of a picture file stand for one of the image: 8 for small images.
  private var enlargement: Int { max(1, min(8, 512 / max(size.height, size.width))) }

  /// Images in rows; in columns the methods, or the models, or for each method the models.
  private func grid(_ words: String = "", _ draw: (Int, Int, Int) -> Heatmap) -> ImageGrid {
    let methods = models.first?.maps.map(\.method) ?? []
    let rows = pictures.labels.indices.prefix(Self.rows).map { image in
      let cells = methods.indices.flatMap { method in
        models.indices.map { model in
          ImageGrid.Cell(
            draw(model, method, image),
            caption: pictures.caption(model: model, method: method, image: image))
        }
      }
      return ImageGrid.Row(
        label: pictures.className(image), cells: [ImageGrid.Cell(pictures.images[image])] + cells)
    }
    let titles = methods.flatMap { method in
      models.map { model in
        if methods.count == 1 { return model.name }
        return models.count == 1 ? method.name : "\(method.name) \(model.name)"
      }
    }
    let isGradient = methods.count == 1 && methods[0].method is Gradient
    let title =
      isGradient
      ? "Input gradients"
      : methods.count == 1 ? "Maps of \(methods[0].name)" : "Attribution maps"
    let count = pictures.labels.count
    let shown = count > rows.count ? " · the first \(rows.count) of \(count) images" : ""
    let dataset = pictures.dataset
    return ImageGrid(
      title: title, subtitle: "\(dataset.name) \(dataset.split)\(shown)\(words)",
      columns: ["image"] + titles, rows: rows,
      colorBar: ColorBar(pictures.renderer, scale: pictures.scale))
  }
}
