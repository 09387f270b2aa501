import Smoot
import SmootCheckpoints

/// The arrays of `smoot explain`, written as the images come.
struct ExplainArrays {
  private let folder: String
  /// [model][method].
  private let maps: [[NPYWriter]]
  /// One for each model.
  private let logits: [NPYWriter]
  private let inputs: NPYWriter

  /// Begins the files.
  ///
  /// - Parameters:
  ///   - first: the first images, which tell the extents; ``append(_:)`` writes them.
  ///   - count: how many images there are.
  ///   - folder: where the files go.
  init(like first: ExplainedPiece, count: Int, to folder: String) throws {
    func begin(_ name: String, _ tensor: Tensor) throws -> NPYWriter {
      try NPYWriter(
        "\(folder)/\(name)", shape: [count] + Array(tensor.shape.dimensions.dropFirst()))
    }
    self.folder = folder
    maps = try first.models.map { model in
      try model.maps.map {
        try begin(
          ExplainRecord.file(model.label, $0.method.name, isOnly: model.maps.count == 1), $0.values)
      }
    }
    logits = try first.models.map {
      try begin("logits\($0.label.isEmpty ? "" : "-\($0.label)").npy", $0.logits)
    }
    inputs = try begin("inputs.npy", first.images)
  }

  /// Writes the next images.
  func append(_ piece: ExplainedPiece) throws {
    for (model, writers) in zip(piece.models, maps) {
      for (maps, writer) in zip(model.maps, writers) { try writer.append(maps.values) }
    }
    for (model, writer) in zip(piece.models, logits) { try writer.append(model.logits) }
    try inputs.append(piece.images)
  }

  /// Gives the files their names, and writes the labels and places of all images.
  func finish(_ totals: ExplainTotals) throws {
    for writer in maps.joined() { try writer.finish() }
    for writer in logits { try writer.finish() }
    try inputs.finish()
    try NPYFile.write(totals.labels.map(Int64.init), to: folder + "/labels.npy")
    try NPYFile.write(totals.indices.map(Int64.init), to: folder + "/indices.npy")
  }
}
