import Smoot
import SmootReporting

/// What is to be said about explained images, collected as they come.
struct ExplainTotals {
  /// The maps of one method under one model.
  struct Maps {
    let method: ChosenMethod
    /// [channels or 1, height, width] of one image's map in the file.
    let extents: [Int]
    /// Rows and columns as the method made them.
    let mapSize: [Int]
    var statuses: [MapStatus]
    var deltas: [Float]?
    /// The largest magnitude of a delta as a share of that of the explained score.
    private(set) var largestRelativeDelta: Float?
    /// The numbers of each map with the weakest and the strongest colour.
    var limits: [ClosedRange<Float>] = []
    var seconds: Double

    fileprivate init(_ maps: ExplainedMaps, of model: ExplainedModel) {
      method = maps.method
      extents = Array(maps.values.shape.dimensions.dropFirst())
      mapSize = Array(maps.attribution.values.shape.dimensions.suffix(2))
      (statuses, deltas) = (maps.attribution.statuses, maps.attribution.deltas)
      seconds = maps.seconds
      largestRelativeDelta = model.relativeDeltas(of: maps).max()
    }

    fileprivate mutating func add(_ maps: ExplainedMaps, of model: ExplainedModel) {
      statuses += maps.attribution.statuses
      if let more = maps.attribution.deltas { deltas = (deltas ?? []) + more }
      seconds += maps.seconds
      let all = [largestRelativeDelta, model.relativeDeltas(of: maps).max()]
      largestRelativeDelta = all.compactMap(\.self).max()
    }
  }

  /// One model.
  struct Model {
    let path: String
    let convolution: ConvolutionAlgorithm
    let label: String
    let pieceSize: Int
    var targets: [Int32]
    var maps: [Maps]
  }

  private(set) var models: [Model] = []
  private(set) var labels: [Int32] = []
  private(set) var indices: [Int] = []
  /// The scale of all maps.
  private(set) var scale: HeatmapScale?

  /// Adds images.
  mutating func add(_ piece: ExplainedPiece) {
    labels += piece.labels
    indices += piece.indices
    guard !models.isEmpty else {
      models = piece.models.map { model in
        Model(
          path: model.path, convolution: model.convolution, label: model.label,
          pieceSize: model.pieceSize, targets: model.targets,
          maps: model.maps.map { Maps($0, of: model) })
      }
      return
    }
    for (place, model) in piece.models.enumerated() {
      models[place].targets += model.targets
      for (method, maps) in model.maps.enumerated() {
        models[place].maps[method].add(maps, of: model)
      }
    }
  }

  /// Adds between which limits the maps of images were drawn.
  mutating func add(_ drawn: ScaledMaps) {
    for (model, methods) in drawn.limits.enumerated() {
      for (method, limits) in methods.enumerated() { models[model].maps[method].limits += limits }
    }
    scale = scale.map { $0.joined(with: drawn.scale) } ?? drawn.scale
  }
}
