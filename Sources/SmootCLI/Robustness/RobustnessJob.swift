import Foundation
import Smoot

/// The scores of one run under all distortions.
struct RobustnessJob {
  let plan: RobustnessPlan
  let loaded: LoadedModel
  let dataset: ImageDataset
  private let pieceSize: Int
  /// What its method needs besides images.
  let surroundings: Surroundings
  /// The weights and the images.
  private let identity: String

  /// Images that are measured at a time; the size of a piece of the journal.
  private static let batchSize = 128

  init(
    _ plan: RobustnessPlan, _ loaded: LoadedModel, _ dataset: ImageDataset,
    _ surroundings: Surroundings
  ) {
    self.plan = plan
    self.surroundings = surroundings
    self.loaded = loaded
    self.dataset = dataset
    pieceSize = AttributionContext.pieceSize(
      for: loaded.model, maximumMemory: plan.maximumMemory)
    identity = JobKey.digest { key in
      key.add(loaded)
      key.add(dataset.digest)
      surroundings.add(plan.method.method.needs, to: &key)
    }
  }

  /// How many batches there are.
  var batchCount: Int { (dataset.count + Self.batchSize - 1) / Self.batchSize }

  /// Measures what the journal does not know yet.
  ///
  /// - Returns: the scores of all images for each distortion of the plan.
  func run(
    _ journal: inout ScoreJournal, _ progress: inout JobProgress
  ) throws -> [BatchScores] {
    let keys = plan.distortions.map { distortion in
      JobKey.digest { key in
        key.add(identity)
        plan.add(distortion, to: &key)
      }
    }
    for start in stride(from: 0, to: dataset.count, by: Self.batchSize) {
      try measure(start, keys, &journal, &progress)
    }
    return keys.map { key in
      BatchScores.joined(
        stride(from: 0, to: dataset.count, by: Self.batchSize).compactMap {
          journal.piece(key, start: $0, count: count($0))?.scores
        })
    }
  }

  private func count(_ start: Int) -> Int { min(Self.batchSize, dataset.count - start) }

  /// One batch under all distortions.
  private func measure(
    _ start: Int, _ keys: [String], _ journal: inout ScoreJournal, _ progress: inout JobProgress
  ) throws {
    var ready: (batch: LabeledBatch, maps: Tensor?)?
    for (distortion, key) in zip(plan.distortions, keys) {
      let kind = distortion.kind.rawValue
      if let known = journal.piece(key, start: start, count: count(start)) {
        progress.done(kind, seconds: known.seconds, label: loaded.name, isNew: false)
        continue
      }
      let begin = ContinuousClock.now
      let (batch, maps) = try ready ?? images(start)
      ready = (batch, maps)
      let scores = try plan.robustness.measure(
        distortion, on: batch, model: loaded.model, normalization: dataset.normalization,
        maps: maps, explain: explain)
      let seconds = (ContinuousClock.now - begin) / .seconds(1)
      try journal.add(
        ScoreJournal.Piece(
          key: key, start: start, scores: scores, seconds: seconds, mapSeconds: 0))
      progress.done(kind, seconds: seconds, label: loaded.name, isNew: true)
      try StopSignal.check { progress.clear() }
    }
  }

  /// Images with the maps of the first of them as they are.
  private func images(_ start: Int) throws -> (LabeledBatch, Tensor?) {
    let batch = dataset.batch(Array(start..<start + count(start)))
    try dataset.checkReadable()
    let explained = min(count(start), plan.mapCount - start)
    guard explained > 0 else { return (batch, nil) }
    let first = batch[0..<explained]
    return (batch, try explain(first.images, first.labels, first.indices))
  }

  /// The maps of images in their extents.
  func explain(_ images: Tensor, _ labels: [Int32], _ indices: [Int]) throws -> Tensor {
    try explained(images, labels, indices).maps
  }

  /// The maps of images in their extents, with what there is to know about each.
  func explained(
    _ images: Tensor, _ labels: [Int32], _ indices: [Int]
  ) throws -> (maps: Tensor, statuses: [MapStatus]) {
    let maps = try plan.method.maps(
      of: images, targets: labels, indices: indices, model: loaded.model,
      surroundings.context(seed: plan.robustness.seed, pieceSize: pieceSize))
    let ready = plan.method.ready(maps.values, for: loaded.model.inputSize, plan.rectification)
    return (ready, maps.statuses)
  }
}
