import Foundation
import Smoot

/// Writes images and their maps as pictures.
struct MapDrawer {
  let methods: [ChosenMethod]
  /// What each model is called on the grids.
  let modelNames: [String]
  /// What tells each model from the first in names of files.
  let modelLabels: [String]
  let dataset: ImageDataset

  private var size: ImageSize { dataset.size }

  /// The most images that a grid shows.
  static let rows = 32

  /// Writes `grid.png` of maps and `overlays.png` of maps over their images.
  ///
  /// - Parameters:
  ///   - pictures: the first images, on the scale of all.
  ///   - count: how many images there are.
  ///   - folder: where the files go.
  func writeGrids(_ pictures: MapPictures, of count: Int, to folder: String) throws {
    try grid(pictures, of: count) { pictures.map(model: $0, method: $1, image: $2) }.figure()
      .write(to: folder + "/grid.png")
    try grid(pictures, of: count, " · maps the more opaque the larger") {
      pictures.overlay(model: $0, method: $1, image: $2)
    }.figure().write(to: folder + "/overlays.png")
  }

  /// Writes a map and an overlay of each image for each model and method.
  ///
  /// Each map is in units of its limit, so that the scale of some maps draws them as the scale of all does.
  func write(_ maps: ScaledMaps, indices: [Int], to folder: String) throws {
    for (model, label) in modelLabels.enumerated() {
      for (place, method) in methods.enumerated() {
        for (image, index) in indices.enumerated() {
          let name = ExplainRecord.pictureName(
            index, label, method.name, isOnly: methods.count == 1)
          let path = "\(folder)/maps/\(name)"
          try maps.map(model: model, method: place, image: image).image
            .enlarged(enlargement).writePNG(to: path + "map.png")
          try maps.overlay(model: model, method: place, image: image).image
            .enlarged(enlargement).writePNG(to: path + "overlay.png")
        }
      }
    }
  }

  /// How many pixels of a picture file stand for one of the image: 8 for small images.
  private var enlargement: Int { max(1, min(8, 512 / max(size.height, size.width))) }

  /// Images in rows; in columns the methods, or the models, or for each method the models.
  private func grid(
    _ pictures: MapPictures, of count: Int, _ words: String = "",
    _ draw: (Int, Int, Int) -> Heatmap
  ) -> ImageGrid {
    let models = pictures.models
    let rows = pictures.labels.indices.map { image in
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
      modelNames.map { name in
        if methods.count == 1 { return name }
        return models.count == 1 ? method.name : "\(method.name) \(name)"
      }
    }
    let isGradient = methods.count == 1 && methods[0].method is Gradient
    let title =
      isGradient
      ? "Input gradients"
      : methods.count == 1 ? "Maps of \(methods[0].name)" : "Attribution maps"
    let shown = count > rows.count ? " · the first \(rows.count) of \(count) images" : ""
    let channels = size.channels > 1 ? " · means of the channels" : ""
    return ImageGrid(
      title: title, subtitle: "\(dataset.name) \(dataset.split)\(shown)\(words)\(channels)",
      columns: ["image"] + titles, rows: rows,
      colorBar: ColorBar(pictures.renderer, scale: pictures.scale))
  }
}
