/// What a measure found for some images: the piece by which jobs save their progress.
public struct BatchScores: Sendable, Codable, Equatable {
  /// The places of the images in the data set.
  public var indices: [Int]
  /// For each score the number of each image; `nil` where it is not defined or not finite, as the share of relevance in the object of a map that is 0 everywhere.
  public var scores: [String: [Double?]]
  /// The curves that scores were made from, by name.
  public var curves: [String: MeasuredCurves]

  /// Gathers scores.
  public init(
    indices: [Int], scores: [String: [Double?]], curves: [String: MeasuredCurves] = [:]
  ) {
    self.indices = indices
    self.scores = scores.mapValues { $0.map(\.finite) }
    self.curves = curves
    precondition(
      scores.values.allSatisfy { $0.count == indices.count }
        && curves.values.allSatisfy { $0.values.count == indices.count },
      "scores of another number of images than \(indices.count)")
  }

  /// The pieces of a data set as one, in the order of the images.
  ///
  /// - Precondition: all come from the same measure.
  public static func joined(_ pieces: [BatchScores]) -> BatchScores {
    guard var all = pieces.first else { return BatchScores(indices: [], scores: [:]) }
    for piece in pieces.dropFirst() {
      precondition(
        Set(piece.scores.keys) == Set(all.scores.keys)
          && piece.curves.mapValues(\.places) == all.curves.mapValues(\.places),
        "pieces of different measures cannot be joined")
      all.indices += piece.indices
      all.scores.merge(piece.scores) { $0 + $1 }
      all.curves.merge(piece.curves) {
        MeasuredCurves(places: $0.places, values: $0.values + $1.values)
      }
    }
    let order = all.indices.indices.sorted { all.indices[$0] < all.indices[$1] }
    return BatchScores(
      indices: order.map { all.indices[$0] },
      scores: all.scores.mapValues { values in order.map { values[$0] } },
      curves: all.curves.mapValues { curves in
        MeasuredCurves(places: curves.places, values: order.map { curves.values[$0] })
      })
  }
}

extension Double? {
  /// The number, unless it is infinite or NaN.
  var finite: Double? { flatMap { $0.isFinite ? $0 : nil } }
}
