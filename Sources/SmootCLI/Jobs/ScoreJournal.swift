import Foundation
import Smoot

/// The batches that were measured, one a line, so that a job can be stopped at any moment.
struct ScoreJournal {
  /// What a measure found for some images.
  struct Piece: Codable {
    /// What tells these numbers from any other: weights, images, method, measure and their options.
    let key: String
    /// The place of the first of these images among those measured.
    let start: Int
    let scores: BatchScores
    /// How long the measure took.
    let seconds: Double
    /// How long the maps of these images took.
    let mapSeconds: Double
  }

  private let log: JSONLinesLog
  private let lock: RunLock
  private var pieces: [String: [Int: Piece]] = [:]

  /// Opens the journal in a folder, making both if need be.
  ///
  /// - Parameters:
  ///   - folder: where it is.
  ///   - job: the command, which a second one in this folder is told.
  init(folder: String, job: String) throws {
    try Folder.make(folder)
    lock = try RunLock(folder: folder, job: job)
    log = try JSONLinesLog(path: folder + "/journal.jsonl")
    for piece in log.records(Piece.self) { pieces[piece.key, default: [:]][piece.start] = piece }
  }

  /// What is known about some images.
  func piece(_ key: String, start: Int, count: Int) -> Piece? {
    pieces[key]?[start].flatMap { $0.scores.indices.count == count ? $0 : nil }
  }

  /// Keeps a piece.
  mutating func add(_ piece: Piece) throws {
    try log.append(piece)
    pieces[piece.key, default: [:]][piece.start] = piece
  }
}
