import Smoot

/// Draws distorted images with the maps of each run over them.
struct RobustnessPictures {
  let jobs: [RobustnessJob]
  let names: [String]
  /// The images that are drawn.
  let batch: LabeledBatch
  let dataset: ImageDataset
  let robustness: Robustness

  private let renderer = HeatmapRenderer(sign: .absolute)

  init(
    jobs: [RobustnessJob], names: [String], batch: LabeledBatch, dataset: ImageDataset,
    robustness: Robustness
  ) {
    self.jobs = jobs
    self.names = names
    self.batch = batch
    self.dataset = dataset
    self.robustness = robustness
  }

  /// Some images explained under a run.
  private struct Explained {
    let pictures: [RGBAImage]
    /// In units of the magnitude from which on each map has the strongest colour.
    let maps: [[Float]]
    let captions: [String]
  }

  /// Writes a grid for each kind of distortion, and one of the images as they are.
  func write(to folder: String) throws {
    guard !batch.labels.isEmpty, let plan = jobs.first?.plan else { return }
    for kind in Distortion.Kind.allCases {
      let levels = plan.distortions.filter { $0.kind == kind }
      guard levels.count > 1 else { continue }
      try grid(levels, kind, plan.method.name).write(to: "\(folder)/pictures-\(kind.rawValue).png")
    }
    try runGrid(plan.method.name).write(to: folder + "/pictures-runs.png")
  }

  /// For each image a row of the distorted image, and below it a row for each run.
  private func grid(
    _ levels: [Distortion], _ kind: Distortion.Kind, _ method: String
  ) throws -> Figure {
    let variants = levels.map { robustness.images(batch, $0, dataset.normalization) }
    let explained = try jobs.map { job in try variants.map { try self.explained(job, $0) } }
    let scale = renderer.scale(of: explained.flatMap { $0.flatMap(\.maps) })
    var rows: [ImageGrid.Row] = []
    for index in batch.labels.indices {
      let pictures = variants.map { RGBAImage(index, of: $0, dataset.normalization) }
      rows.append(ImageGrid.Row(label: label(index), cells: pictures.map { ImageGrid.Cell($0) }))
      for (name, columns) in zip(names, explained) {
        rows.append(
          ImageGrid.Row(label: name, cells: columns.map { cell($0, index, scale) }))
      }
    }
    return ImageGrid(
      title: "Maps of \(method) under \(kind.rawValue)",
      subtitle: "columns: \(kind.quantity) · \(conditions)",
      columns: levels.map { fixed($0.level, 3).trimmingZeros }, rows: rows,
      colorBar: ColorBar(renderer, scale: scale)
    ).figure()
  }

  /// The images as they are, with a column for each run.
  private func runGrid(_ method: String) throws -> Figure {
    let explained = try jobs.map { try self.explained($0, batch.images) }
    let scale = renderer.scale(of: explained.flatMap(\.maps))
    let rows = batch.labels.indices.map { index in
      ImageGrid.Row(
        label: label(index),
        cells: [ImageGrid.Cell(RGBAImage(index, of: batch.images, dataset.normalization))]
          + explained.map { cell($0, index, scale) })
    }
    return ImageGrid(
      title: "Maps of \(method)", subtitle: conditions, columns: ["image"] + names, rows: rows,
      colorBar: ColorBar(renderer, scale: scale)
    ).figure()
  }

  private var conditions: String {
    "\(dataset.name) \(dataset.split) · below each map the probability of the label · each map in units of its own 99th percentile"
  }

  private func label(_ index: Int) -> String { dataset.classNames[Int(batch.labels[index])] }

  private func cell(
    _ explained: Explained, _ index: Int, _ scale: HeatmapScale
  ) -> ImageGrid.Cell {
    ImageGrid.Cell(
      renderer.overlay(
        explained.maps[index], on: explained.pictures[index], scale: scale, blending: .weighted),
      caption: explained.captions[index])
  }

  private func explained(_ job: RobustnessJob, _ images: Tensor) throws -> Explained {
    let maps = try job.explain(images, batch.labels, batch.indices)
    let pixels = Saliency.ofPixels(maps, .meanThenAbs, isAbsolute: false).scalars
    let logits = job.loaded.model.logits(Variable(images), .evaluation()).value
    let (probabilities, best) = (logits.softmaxOfRows.scalars, logits.argmaxOfRows)
    let (count, classes) = (dataset.size.pixels, logits.shape[1])
    return Explained(
      pictures: batch.labels.indices.map { RGBAImage($0, of: images, dataset.normalization) },
      maps: batch.labels.indices.map {
        renderer.inUnitsOfItsLimit(Array(pixels[$0 * count..<($0 + 1) * count]))
      },
      captions: batch.labels.enumerated().map { index, label in
        let confidence = fixed(Double(probabilities[index * classes + Int(label)]), 2)
        return best[index] == Int(label)
          ? confidence : "\(confidence), says \(dataset.classNames[best[index]])"
      })
  }
}

extension String {
  /// A number without zeros at its end.
  fileprivate var trimmingZeros: String {
    guard contains(".") else { return self }
    var text = self
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }
}
