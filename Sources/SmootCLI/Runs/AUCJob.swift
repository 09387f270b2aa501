import Crypto
import Foundation
import Smoot

/// One curve: a model, images, and the choices of the measure.
///
/// Its pieces are kept in a journal, so that it can be stopped at any moment.
struct AUCJob {
  let model: LoadedModel
  let dataset: ImageDataset
  let options: AccuracyDrop.Options
  let score: ScoreKind

  /// Images that are measured at a time; the size of a piece of the journal.
  private static let pieceSize = 256

  /// Measures what the journal does not know yet.
  func run(_ journal: AUCJournal, _ line: inout ProgressLine) throws -> AccuracyDropRun {
    let drop = AccuracyDrop(options: options, score: score)
    let key = try self.key()
    let known = journal.pieces(of: key)
    var hits = [Int](repeating: 0, count: options.percent.count)
    let begin = ContinuousClock.now
    var measured = 0
    for start in stride(from: 0, to: dataset.count, by: Self.pieceSize) {
      let places = Array(start..<min(dataset.count, start + Self.pieceSize))
      let piece: [Int]
      if let found = known[start], found.count == hits.count {
        piece = found
      } else {
        piece = drop.hits(of: model.model, on: dataset, places: places)
        try dataset.checkReadable()
        try journal.add(AUCJournal.Piece(key: key, start: start, hits: piece))
        measured += places.count
      }
      hits = zip(hits, piece).map { $0 + $1 }
      let rate = Double(measured) / max(1e-9, (ContinuousClock.now - begin) / .seconds(1))
      let rest = Double(dataset.count - start - places.count) / max(1, rate)
      line.show(
        "auc \(model.name) \(options.order.rawValue) \(options.fill.rawValue)",
        done: start + places.count, total: dataset.count,
        [("img/s", fixed(rate, 0)), ("eta", clockTime(rest))])
      try StopSignal.check { line.clear() }
    }
    let curve = AccuracyDrop.curve(hits: hits, count: dataset.count)
    return AccuracyDropRun(
      run: model.name, method: model.training?.method.rawValue ?? model.name,
      seed: model.training?.seed ?? 0, fill: options.fill.rawValue, order: options.order.rawValue,
      attribution: options.order == .random ? nil : "gradient",
      percent: options.percent.map(Double.init), curve: curve, auc: drop.area(under: curve),
      images: dataset.count)
  }

  /// What tells this curve from any other: the weights, the images and the choices.
  private func key() throws -> String {
    try JobKey.digest { key throws in
      key.add(model)
      key.add(dataset.digest)
      try key.add(encoding: options)
      key.add(score.rawValue)
    }
  }
}

/// The pieces of curves that were measured, one a line.
struct AUCJournal {
  /// The right answers of some images at each share.
  struct Piece: Codable {
    let key: String
    let start: Int
    let hits: [Int]
  }

  private let log: JSONLinesLog
  private let lock: RunLock

  /// Opens the journal in a folder, making both if need be.
  init(folder: String) throws {
    try Folder.make(folder)
    lock = try RunLock(folder: folder, job: "smoot auc")
    log = try JSONLinesLog(path: folder + "/journal.jsonl")
  }

  /// The known pieces of a curve, by their first image.
  func pieces(of key: String) -> [Int: [Int]] {
    let found = log.records(Piece.self).filter { $0.key == key }
    return Dictionary(found.map { ($0.start, $0.hits) }) { _, last in last }
  }

  /// Keeps a piece.
  func add(_ piece: Piece) throws { try log.append(piece) }
}
