import Smoot

/// Explains images piece by piece, and keeps of them only what the grids show and what is to be said.
///
/// A colour scale that all maps of a method share is found from maps on disk, in two passes over them.
struct ExplainJob {
  let models: [LoadedModel]
  /// How many images go through each model together.
  let pieceSizes: [Int]
  /// What the models are called on the grids.
  let names: [String]
  let dataset: ImageDataset
  /// The places of the images in the data set.
  let places: [Int]
  /// Whether the data set knows its images' classes; else the class is what the first model takes an image for.
  let hasLabels: Bool
  let methods: [ChosenMethod]
  let surroundings: Surroundings
  let flags: AttributionFlags
  let sign: HeatmapScale.Sign
  let scaling: MapScaling
  /// The range that was asked for, if any.
  let range: DrawnRange?
  let choice: PictureChoice
  let output: ExplainFolder

  private var folder: String { output.path }

  /// The range of each method.
  private var ranges: [DrawnRange] { methods.map { $0.range(sign, chosen: range) } }

  private var renderer: HeatmapRenderer { HeatmapRenderer(sign: sign) }

  /// A piece is as large as a grid, so that the first one is what the grid shows.
  private var pieces: [[Int]] {
    stride(from: 0, to: places.count, by: MapDrawer.rows).map {
      Array(places[$0..<min(places.count, $0 + MapDrawer.rows)])
    }
  }

  private var drawer: MapDrawer {
    MapDrawer(
      methods: methods, modelNames: names,
      modelLabels: models.indices.map(ExplainedModel.label), dataset: dataset)
  }

  /// Writes arrays and pictures, and how they were made.
  func run() throws -> ExplainRecord {
    var totals = ExplainTotals()
    let (first, spool, lock) = try explain(&totals)
    if let spool { try draw(spool, &totals) }
    guard let scale = totals.scale else { preconditionFailure("no images to explain") }
    if choice != .none {
      let limits = totals.models.map { $0.maps.map { Array($0.limits.prefix(first.labels.count)) } }
      var maps = scaled(first.drawn, limits, first.images)
      maps.scale = scale
      let pictures = MapPictures(
        first.models, maps, labels: first.labels, indices: first.indices, dataset: dataset)
      try drawer.writeGrids(pictures, of: places.count, to: folder)
    }
    let record = try ExplainRecord(
      totals, dataset, hasLabels: hasLabels, renderer, scale, flags, surroundings, scaling,
      range)
    try RunDirectory(path: folder).write(record, to: "\(folder)/\(ExplainFolder.record)")
    withExtendedLifetime(lock) {}
    return record
  }

  /// The first pass: arrays, and pictures where their limits are known.
  private func explain(
    _ totals: inout ExplainTotals
  ) throws -> (first: ExplainedPiece, spool: MapSpool?, lock: RunLock?) {
    var shown: ExplainedPiece?
    var lock: RunLock?
    var arrays: ExplainArrays?
    var spool: MapSpool?
    for places in pieces {
      let piece = try explained(places)
      if shown == nil {
        // Nothing is written before a method has shown that it can explain.
        lock = try output.open()
        if choice == .all { try Folder.make(folder + "/maps") }
        shown = piece
        arrays = try ExplainArrays(like: piece, count: self.places.count, to: folder)
        if scaling == .method {
          spool = try MapSpool(
            in: folder, (models.count, methods.count, dataset.size.pixels), renderer)
        }
      }
      try arrays?.append(piece)
      totals.add(piece)
      if let spool {
        try spool.append(piece.drawn)
      } else {
        let limits = scaling.limits(of: piece.drawn, ranges, renderer)
        try draw(scaled(piece.drawn, limits, piece.images), piece.indices, &totals)
      }
      try checkStop()
    }
    try arrays?.finish(totals)
    guard let shown else { preconditionFailure("no images to explain") }
    return (shown, spool, lock)
  }

  /// The second pass over maps whose limits only all of them tell.
  private func draw(_ spool: MapSpool, _ totals: inout ExplainTotals) throws {
    let limits = try spool.limits(ranges)
    for (place, places) in pieces.enumerated() {
      let batch = dataset.batch(places)
      try dataset.checkReadable()
      let shared = models.map { _ in limits.map { Array(repeating: $0, count: places.count) } }
      try draw(scaled(spool.maps(place), shared, batch.images), batch.indices, &totals)
      try checkStop()
    }
  }

  private func draw(
    _ maps: ScaledMaps, _ indices: [Int], _ totals: inout ExplainTotals
  ) throws {
    totals.add(maps)
    if choice == .all { try drawer.write(maps, indices: indices, to: folder) }
  }

  private func scaled(
    _ maps: [[[[Float]]]], _ limits: [[[ClosedRange<Float>]]], _ images: Tensor
  ) -> ScaledMaps {
    ScaledMaps(
      maps, limits: limits, unit: scaling.unit(methods.map(\.name), ranges), images: images,
      dataset: dataset, renderer)
  }

  private func explained(_ places: [Int]) throws -> ExplainedPiece {
    let batch = dataset.batch(places)
    try dataset.checkReadable()
    var labels = hasLabels ? batch.labels : nil
    var explained: [ExplainedModel] = []
    for (place, loaded) in models.enumerated() {
      let result = try ExplainedModel(
        batch.images, labels: labels, indices: batch.indices, loaded, methods, surroundings, flags,
        pieceSize: pieceSizes[place], place: place)
      labels = labels ?? result.logits.argmaxOfRows.map { Int32($0) }
      explained.append(result)
    }
    return ExplainedPiece(
      images: batch.images, labels: labels ?? [], indices: batch.indices, models: explained)
  }

  private func checkStop() throws(CommandError) {
    guard StopSignal.isSet else { return }
    throw CommandError(
      "stopped; there are no arrays, and not all pictures", exitCode: StopSignal.exitCode)
  }
}
