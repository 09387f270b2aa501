import Smoot

/// Draws distorted images with the maps of each run over them.
struct RobustnessPictures {
  let jobs: [RobustnessJob]
  let names: [String]
  /// The places of the images that are drawn.
  let places: [Int]

  private let renderer = HeatmapRenderer(sign: .absolute)

  /// - Precondition: all jobs are about the same images, which each run may normalize in its own way.
  init(jobs: [RobustnessJob], names: [String], places: [Int]) {
    self.jobs = jobs
    self.names = names
    self.places = places
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
    guard !places.isEmpty, let first = jobs.first else { return }
    let plan = first.plan
    for kind in Distortion.Kind.allCases {
      let levels = plan.distortions.filter { $0.kind == kind }
      guard levels.count > 1 else { continue }
      try grid(levels, first).write(to: "\(folder)/pictures-\(kind.rawValue).png")
    }
    try runGrid(Distortion(.noise, 0), first).write(to: folder + "/pictures-runs.png")
  }

  /// For each image a row of the distorted image, and below it a row for each run.
  private func grid(_ levels: [Distortion], _ first: RobustnessJob) throws -> Figure {
    let explained = try jobs.map { job in try levels.map { try self.explained(job, $0) } }
    let scale = scale(of: explained.flatMap { $0.flatMap(\.maps) })
    var rows: [ImageGrid.Row] = []
    for (index, label) in labels(first).enumerated() {
      let pictures = explained[0].map { ImageGrid.Cell($0.pictures[index]) }
      rows.append(ImageGrid.Row(label: label, cells: pictures))
      for (name, columns) in zip(names, explained) {
        rows.append(
          ImageGrid.Row(label: name, cells: columns.map { cell($0, index, scale) }))
      }
    }
    let kind = levels[0].kind
    return ImageGrid(
      title: "Maps of \(first.plan.method.name) under \(kind.rawValue)",
      subtitle: "columns: \(kind.quantity) · \(conditions(first))",
      columns: levels.map { fixed($0.level, 3).trimmingZeros }, rows: rows,
      colorBar: ColorBar(renderer, scale: scale)
    ).figure()
  }

  /// The images as they are, with a column for each run.
  private func runGrid(_ none: Distortion, _ first: RobustnessJob) throws -> Figure {
    let explained = try jobs.map { try self.explained($0, none) }
    let scale = scale(of: explained.flatMap(\.maps))
    let rows = labels(first).enumerated().map { index, label in
      ImageGrid.Row(
        label: label,
        cells: [ImageGrid.Cell(explained[0].pictures[index])]
          + explained.map { cell($0, index, scale) })
    }
    return ImageGrid(
      title: "Maps of \(first.plan.method.name)", subtitle: conditions(first),
      columns: ["image"] + names, rows: rows, colorBar: ColorBar(renderer, scale: scale)
    ).figure()
  }

  /// The scale of maps that are in units of their own limits already.
  private func scale(of maps: [[Float]]) -> HeatmapScale {
    let methods = jobs.prefix(1).map(\.plan.method)
    return HeatmapScale(
      inUnitsOf: MapScaling.map.unit(methods.map(\.name), methods.map { $0.range(renderer.sign) }),
      maps, sign: renderer.sign, percentile: renderer.percentile)
  }

  private func conditions(_ job: RobustnessJob) -> String {
    let channels = job.dataset.size.channels > 1 ? " · means of the channels" : ""
    return
      "\(job.dataset.name) \(job.dataset.split) · below each map the probability of the label\(channels)"
  }

  private func labels(_ job: RobustnessJob) -> [String] {
    let labels = job.dataset.labels
    return places.map { job.dataset.classNames[Int(labels[$0])] }
  }

  private func cell(
    _ explained: Explained, _ index: Int, _ scale: HeatmapScale
  ) -> ImageGrid.Cell {
    ImageGrid.Cell(
      renderer.overlay(
        explained.maps[index], on: explained.pictures[index], scale: scale, blending: .weighted),
      caption: explained.captions[index])
  }

  private func explained(_ job: RobustnessJob, _ distortion: Distortion) throws -> Explained {
    let (dataset, batch) = (job.dataset, job.dataset.batch(places))
    try dataset.checkReadable()
    let images = job.plan.robustness.images(batch, distortion, dataset.normalization)
    let (maps, statuses) = try job.explained(images, batch.labels, batch.indices)
    let pixels = Saliency.ofPixels(maps, ExplainedMaps.reduction, isAbsolute: false).scalars
    let logits = job.loaded.model.logits(Variable(images), .evaluation()).value
    let (probabilities, best) = (logits.softmaxOfRows.scalars, logits.argmaxOfRows)
    let range = job.plan.method.range(renderer.sign)
    let (count, classes) = (dataset.size.pixels, logits.shape[1])
    return Explained(
      pictures: places.indices.map { RGBAImage($0, of: images, dataset.normalization) },
      maps: places.indices.map {
        let map = Array(pixels[$0 * count..<($0 + 1) * count])
        return map.inUnits(of: range.limits(of: [map], renderer))
      },
      captions: batch.labels.enumerated().map { index, label in
        var parts = [fixed(Double(probabilities[index * classes + Int(label)]), 2)]
        if best[index] != Int(label) {
          parts.append("says \(job.loaded.description.classNames[best[index]])")
        }
        if statuses[index] != .ok { parts.append(statuses[index].rawValue) }
        return parts.joined(separator: ", ")
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
