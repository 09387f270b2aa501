import SmootTensor

/// How the rows of a transformer block's branch are cut into pieces that are computed from end to end while they are in the cache.
///
/// The cut depends on the rows alone, never on the threads.
struct BranchPieces {
  /// Rows of all pieces.
  let rows: Int
  /// Rows of a piece; the last one may have fewer.
  let length: Int
  /// The first rows of each piece, whose results are wanted: all of them, or fewer where pieces are whole.
  let kept: Int

  /// Where in memory the numbers of a piece begin.
  struct Place {
    /// The number of the piece's own part.
    let part: Int
    /// Its first row.
    let row: Int
  }

  /// A piece.
  struct Piece {
    let rows: Int
    let keptRows: Int
    /// Its first wanted row among those of all pieces.
    let keptRow: Int
    /// Its place among all pieces.
    let place: Place
    /// Its place in memory that it shares with pieces computed after it, for what is soon forgotten.
    let sharedPlace: Place
  }

  var count: Int { (rows + length - 1) / length }
  /// Rows whose results are wanted.
  var keptRows: Int { kept == length ? rows : count * kept }

  private var shards: Shards { Shards(batch: count) }

  /// As many parts and rows as have room in memory: those of all pieces, or those of all shared places.
  func room(isShared: Bool) -> (parts: Int, rows: Int) {
    isShared ? (shards.count, shards.count * length) : (count, rows)
  }

  /// Calls a function for each piece, several in parallel, with memory of so many numbers.
  func forEach(_ extents: BranchMemory.Extents, _ body: (Piece, BranchMemory) -> Void) {
    let shards = shards
    parallelFor(shards.count) { shard in
      // The block that a thread gave back last is the one it gets, still in its cache.
      _ = Tensor(uninitialized: [extents.count]) { start in
        for index in shards[shard] {
          let count = min(length, rows - index * length)
          body(
            Piece(
              rows: count, keptRows: min(kept, count), keptRow: index * kept,
              place: Place(part: index, row: index * length),
              sharedPlace: Place(part: shard, row: shard * length)),
            BranchMemory(extents, at: start))
        }
      }
    }
  }
}
