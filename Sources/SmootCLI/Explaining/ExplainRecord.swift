import Foundation
import Smoot

/// How maps were made: what `methods.json` holds.
struct ExplainRecord: Encodable {
  /// The maps of one method under one model.
  struct Maps: Encodable {
    /// A map that is not what one expects.
    struct Odd: Encodable {
      let image: Int
      let status: String
    }

    let model: String
    let method: String
    let family: String
    let options: [String: String]
    let score: String
    /// The file with the maps.
    let file: String
    /// [images, channels or 1, height, width] in the file.
    let shape: [Int]
    /// Rows and columns as the method made the maps, before they were resized to the images.
    let mapSize: [Int]
    /// How many maps have each status.
    let statuses: [String: Int]
    /// The maps that are not ok.
    let notOk: [Odd]
    /// For each image the sum of its map minus what completeness says it should be; none where that is not finite.
    let completenessDeltas: [Float?]?
    /// The largest magnitude of a delta as a share of that of the explained score.
    let largestRelativeDelta: Float?
    /// Which numbers have the weakest and the strongest colour.
    let range: String
    /// For each image the number of its map with the weakest colour.
    let drawnStarts: [Float]
    /// For each image the number of its map with the strongest colour.
    let drawnLimits: [Float]
    let seconds: Double

    enum CodingKeys: String, CodingKey {
      case model, method, family, options, score, file, shape, statuses, range, seconds
      case mapSize = "map_size"
      case notOk = "not_ok"
      case completenessDeltas = "completeness_deltas"
      case largestRelativeDelta = "largest_relative_delta"
      case drawnStarts = "drawn_starts"
      case drawnLimits = "drawn_limits"
    }
  }

  let version = SmootCommand.version
  let dataset: String
  let split: String
  let indices: [Int]
  /// Channels, height and width.
  let imageSize: [Int]
  let target: String
  let targets: [String: [Int32]]
  /// How each model's convolutions summed their products.
  let convolution: [String: String]
  let seed: UInt64
  /// The images that methods compared with, where one did.
  let references: ReferenceImages?
  /// The lowest and the highest value that a pixel of each channel can have after normalization.
  let pixelRange: [[Float]]
  let rectify: String
  let sign: String
  let scale: String
  /// How the channels of a map become one number for each pixel of its pictures.
  let channelReduction: String
  let colorMap: String
  let maxMemory: String
  let imagesPerPass: [String: Int]
  let methods: [Maps]

  enum CodingKeys: String, CodingKey {
    case version, dataset, split, indices, target, targets, convolution, seed, references, rectify,
      sign, scale
    case methods
    case pixelRange = "pixel_range"
    case channelReduction = "channel_reduction"
    case colorMap = "color_map"
    case imageSize = "image_size"
    case maxMemory = "max_memory"
    case imagesPerPass = "images_per_pass"
  }

  /// Describes what was made.
  init(
    _ totals: ExplainTotals, _ dataset: ImageDataset, hasLabels: Bool,
    _ renderer: HeatmapRenderer, _ scale: HeatmapScale, _ flags: AttributionFlags,
    _ surroundings: Surroundings, _ scaling: MapScaling, _ range: DrawnRange?
  ) throws {
    let (models, indices) = (totals.models, totals.indices)
    self.dataset = dataset.name
    split = dataset.split
    self.indices = indices
    imageSize = dataset.size.dimensions
    target = try hasLabels && flags.explainedClass() == .label ? "label" : "predicted"
    targets = Dictionary(models.map { ($0.path, $0.targets) }) { first, _ in first }
    convolution = Dictionary(models.map { ($0.path, $0.convolution.rawValue) }) { first, _ in first
    }
    seed = flags.seed
    references = surroundings.references
    pixelRange = zip(surroundings.pixelRange.low, surroundings.pixelRange.high).map { [$0, $1] }
    rectify = flags.rectify
    sign = scale.sign.rawValue
    self.scale = scaling.rawValue
    channelReduction = ExplainedMaps.reduction.rawValue
    colorMap = renderer.colorMap.name
    maxMemory = flags.maxMemory
    imagesPerPass = Dictionary(models.map { ($0.path, $0.pieceSize) }) { first, _ in first }
    methods = models.flatMap { model in
      model.maps.map { maps in
        let statuses = maps.statuses
        return Maps(
          model: model.path, method: maps.method.name,
          family: maps.method.description.family.rawValue, options: maps.method.resolved,
          score: maps.method.score.rawValue,
          file: Self.file(model.label, maps.method.name, isOnly: model.maps.count == 1),
          shape: [indices.count] + maps.extents,
          mapSize: maps.mapSize,
          statuses: Dictionary(statuses.map { ($0.rawValue, 1) }, uniquingKeysWith: +),
          notOk: zip(indices, statuses).filter { $0.1 != .ok }.map {
            Maps.Odd(image: $0.0, status: $0.1.rawValue)
          },
          completenessDeltas: maps.deltas?.map { $0.isFinite ? $0 : nil },
          largestRelativeDelta: maps.largestRelativeDelta,
          range: maps.method.range(scale.sign, chosen: range).rawValue,
          drawnStarts: maps.limits.map(\.lowerBound),
          drawnLimits: maps.limits.map(\.upperBound),
          seconds: maps.seconds)
      }
    }
  }

  /// The name of the file with a method's maps.
  ///
  /// - Parameters:
  ///   - model: what tells the model from the first; empty for the first.
  ///   - method: the method.
  ///   - isOnly: whether there is no other method.
  static func file(_ model: String, _ method: String, isOnly: Bool) -> String {
    (["attributions"] + words(model, method, isOnly)).joined(separator: "-") + ".npy"
  }

  /// What the names of an image's pictures begin with.
  static func pictureName(
    _ image: Int, _ model: String, _ method: String, isOnly: Bool
  ) -> String {
    (["\(image)"] + words(model, method, isOnly) + [""]).joined(separator: "-")
  }

  private static func words(_ model: String, _ method: String, _ isOnly: Bool) -> [String] {
    (isOnly ? [] : [method]) + (model.isEmpty ? [] : [model])
  }

  /// A line on each method whose maps should add up to a score.
  var completeness: [String] {
    methods.filter { $0.completenessDeltas != nil }.map { maps in
      let share = maps.largestRelativeDelta.map {
        "at most \(NumberFormat.significant(Double($0), digits: 2)) of the explained score"
      }
      return
        "\(maps.method) on \(maps.model): completeness: deltas \(share ?? "that are not finite")"
    }
  }

  /// A line on each method whose maps are not all ok.
  var warnings: [String] {
    methods.compactMap { maps in
      guard !maps.notOk.isEmpty else { return nil }
      let kinds = Dictionary(grouping: maps.notOk, by: \.status).sorted { $0.key < $1.key }
      let parts = kinds.map { status, odd in
        let images = odd.prefix(8).map { String($0.image) }.joined(separator: ", ")
        return "\(odd.count) \(status) (image \(images)\(odd.count > 8 ? ", ..." : ""))"
      }
      return
        "\(maps.method) on \(maps.model): of \(maps.shape[0]) maps \(parts.joined(separator: ", "))"
    }
  }
}
