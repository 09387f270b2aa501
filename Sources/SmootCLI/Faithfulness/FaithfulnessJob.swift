import Foundation
import Smoot
import SmootEvaluation

/// The measures of the maps of one run.
struct FaithfulnessJob {
  let plan: FaithfulnessPlan
  let loaded: LoadedModel
  /// The images, those to measure among them.
  let dataset: ImageDataset
  /// The places of the images to measure.
  let places: [Int]
  /// What methods need besides images.
  let surroundings: Surroundings
  private let pictures: PastedPatches.Pictures?
  private let pieceSize: Int
  /// The weights and the images.
  private let identity: String

  /// What was found for one source and one measure.
  struct Result {
    let source: MapSource
    let measure: ChosenMeasure
    let scores: BatchScores
    let seconds: Double
    let mapSeconds: Double
  }

  /// Images that are measured at a time; the size of a piece of the journal.
  static let batchSize = 32

  /// Prepares a job, with pasted patches where a measure needs objects.
  init(
    _ plan: FaithfulnessPlan, _ loaded: LoadedModel, _ dataset: ImageDataset, places: [Int],
    _ surroundings: Surroundings
  ) throws {
    self.plan = plan
    self.loaded = loaded
    self.dataset = dataset
    self.places = places
    self.surroundings = surroundings
    pictures =
      try plan.measures.contains { $0.needsObjects }
      ? PastedPatches(dataset, options: plan.patches).pictures(places) : nil
    pieceSize = AttributionContext.pieceSize(
      for: loaded.model, maximumMemory: plan.maximumMemory)
    identity = JobKey.digest { key in
      key.add(loaded)
      key.add(dataset.digest)
      key.add(places)
      key.add(plan.target.rawValue)
      key.add(plan.rectification.rawValue)
      key.add("\(plan.seed)")
    }
  }

  /// How many batches there are.
  var batchCount: Int { (places.count + Self.batchSize - 1) / Self.batchSize }

  /// What a batch of each measure of each source needs.
  var work: [MeasuringTime.Part: MeasuringTime.Work] {
    let size = loaded.model.inputSize
    // A weight and a bias make a layer, more or less.
    let layers = max(1, loaded.model.parameters.count / 2)
    let images = Double(min(Self.batchSize, places.count))
    var result: [MeasuringTime.Part: MeasuringTime.Work] = [:]
    for source in plan.sources {
      for measure in plan.measures(for: source) {
        let cost = measure.measure.cost(for: size)
        let explanations = cost.explanations + cost.explanationsPerLayer * layers
        result[.init(source: source.name, measure: measure.name)] = .init(
          passes: images * Double(cost.forwardPasses), explanations: images * Double(explanations))
      }
    }
    return result
  }

  /// Explains one image by each method, so that one without a meaning for the network stops the job before it begins.
  func check(_ progress: inout FaithfulnessProgress) throws {
    for source in plan.sources where source.canExplain {
      guard let first = places.first else { continue }
      let batch = EvaluationBatch(
        dataset.batch([first]), model: loaded.model, target: plan.target)
      let begin = ContinuousClock.now
      _ = try explainer(source)(batch.images, batch.targets, batch.indices, batch.model)
      progress.time.add(trialOf: source.name, (ContinuousClock.now - begin) / .seconds(1))
    }
    try dataset.checkReadable()
  }

  /// Measures what the journal does not know yet.
  ///
  /// - Parameters:
  ///   - journal: what is known.
  ///   - progress: is told about each part that is done.
  func run(
    _ journal: inout ScoreJournal, _ progress: inout FaithfulnessProgress
  ) throws -> [Result] {
    var results: [Result] = []
    for source in plan.sources {
      let measures = plan.measures(for: source)
      let keys = try measures.map { try key(source, $0) }
      for start in stride(from: 0, to: places.count, by: Self.batchSize) {
        try measureBatch(start, source, Array(zip(measures, keys)), &journal, &progress)
      }
      for (measure, key) in zip(measures, keys) {
        let pieces = stride(from: 0, to: places.count, by: Self.batchSize).compactMap { start in
          journal.piece(key, start: start, count: count(start))
        }
        results.append(
          Result(
            source: source, measure: measure, scores: BatchScores.joined(pieces.map(\.scores)),
            seconds: pieces.reduce(0) { $0 + $1.seconds },
            mapSeconds: pieces.reduce(0) { $0 + $1.mapSeconds }))
      }
    }
    return results
  }

  private func count(_ start: Int) -> Int { min(Self.batchSize, places.count - start) }

  /// The measures of one source for one batch.
  private func measureBatch(
    _ start: Int, _ source: MapSource, _ measures: [(ChosenMeasure, String)],
    _ journal: inout ScoreJournal, _ progress: inout FaithfulnessProgress
  ) throws {
    var ready: [Bool: Maps] = [:]
    for (measure, key) in measures {
      let part = MeasuringTime.Part(source: source.name, measure: measure.name)
      if let known = journal.piece(key, start: start, count: count(start)) {
        progress.done(part, seconds: known.seconds, label: loaded.name, isNew: false)
        continue
      }
      let maps: Maps
      if let known = ready[measure.needsObjects] {
        maps = known
      } else {
        maps = try self.maps(start, source, hasObjects: measure.needsObjects)
        progress.time.add(passes: count(start), maps.passSeconds)
        progress.time.add(explanationsBy: source.name, count: count(start), maps.seconds)
        ready[measure.needsObjects] = maps
      }
      let begin = ContinuousClock.now
      let scores = try measure.measure.measure(maps.explanation, of: maps.batch)
      let seconds = (ContinuousClock.now - begin) / .seconds(1)
      try journal.add(
        ScoreJournal.Piece(
          key: key, start: start, scores: scores, seconds: seconds, mapSeconds: maps.seconds))
      progress.done(part, seconds: seconds, label: loaded.name, isNew: true)
      try StopSignal.check { progress.clear() }
    }
  }

  /// Images with their maps.
  private struct Maps {
    let batch: EvaluationBatch
    let explanation: Explanation
    /// How long the maps took.
    let seconds: Double
    /// How long the clean pass took.
    let passSeconds: Double
  }

  private func maps(_ start: Int, _ source: MapSource, hasObjects: Bool) throws -> Maps {
    let batch = try evaluationBatch(start, hasObjects: hasObjects)
    // The clean pass serves all measures, so none is charged with it.
    let clean = ContinuousClock.now
    _ = batch.logits
    let passSeconds = (ContinuousClock.now - clean) / .seconds(1)
    let begin = ContinuousClock.now
    let explainer = self.explainer(source)
    let maps: Tensor
    if case .file(let file) = source.kind {
      maps = try file.maps(start..<start + count(start))
    } else {
      maps = try explainer(batch.images, batch.targets, batch.indices, batch.model)
    }
    let seconds = (ContinuousClock.now - begin) / .seconds(1)
    var explanation = try Explanation(
      maps: maps, of: batch, explainer: source.canExplain ? explainer : nil)
    let description = loaded.description
    explanation.makeModel = { key in
      try ModelRegistry.make(
        description.model, description.options, inputSize: description.inputSize,
        classCount: description.classNames.count, random: key)
    }
    explanation.randomLabelModel = plan.randomLabelModel?.model
    return Maps(
      batch: batch, explanation: explanation, seconds: seconds, passSeconds: passSeconds)
  }

  private func evaluationBatch(_ start: Int, hasObjects: Bool) throws -> EvaluationBatch {
    let range = start..<start + count(start)
    guard hasObjects, let pictures else {
      let batch = dataset.batch(Array(places[range]))
      try dataset.checkReadable()
      return EvaluationBatch(batch, model: loaded.model, target: plan.target)
    }
    // The class of the patch is what must be found, whatever the model says.
    let batch = pictures.dataset.batch(Array(range))
    return EvaluationBatch(
      batch, model: loaded.model, target: .label, objects: pictures.objects(Array(range)))
  }

  /// How a source explains images.
  private func explainer(_ source: MapSource) -> Explainer {
    let (size, plan) = (loaded.model.inputSize, plan)
    let context = surroundings.context(seed: plan.seed, pieceSize: pieceSize)
    return { images, targets, indices, model in
      switch source.kind {
      case .method(let method):
        let maps = try method.maps(
          of: images, targets: targets, indices: indices, model: model, context)
        return method.ready(maps.values, for: size, plan.rectification)
      case .control:
        return RandomMaps.maps(indices: indices, pixels: size.pixels, seed: plan.seed)
      case .file(let file):
        throw CommandError("\(file.name): a file explains no other images", exitCode: 65)
      }
    }
  }

  /// What tells the numbers of a source and a measure from any other.
  private func key(_ source: MapSource, _ measure: ChosenMeasure) throws -> String {
    try JobKey.digest { key throws in
      key.add(identity)
      source.add(to: &key, surroundings)
      key.add(measure.name)
      key.add(measure.resolved)
      if measure.needsObjects { try key.add(encoding: plan.patches) }
      if measure.information.needs.contains(.randomLabelModel), let other = plan.randomLabelModel {
        key.add(other)
      }
    }
  }
}
