import SmootTensor

/// Picture files with their classes, in an order that does not change while the files stay.
public struct PictureList: Sendable {
  /// One file.
  public struct Entry: Sendable, Hashable {
    /// The path below the list's folder.
    public let path: String
    /// The place of its class.
    public let label: Int32
    /// How many bytes the file has.
    public let bytes: Int
    /// When it was changed, in nanoseconds since 1970.
    public let modified: Int
  }

  /// The folder below which the files are.
  public let folder: String
  /// The files.
  public let entries: [Entry]

  /// The path of a file.
  func path(_ index: Int) -> String { "\(folder)/\(entries[index].path)" }

  /// Decodes every file and forgets it again.
  ///
  /// - Parameter progress: told how many files are done, from time to time.
  /// - Returns: the files that cannot be used.
  public func check(progress: (Int) -> Void) -> [BadPicture] {
    inChunks(
      progress: progress, endOfChunk: { (_, _) throws(Never) in },
      { index in
        do throws(PictureFile.Failure) {
          try PictureFile.check(path(index))
          return nil
        } catch { return error.reason }
      })
  }

  /// Calls a function for each file, on all threads; after each chunk `endOfChunk` is called on this one.
  ///
  /// - Parameters:
  ///   - progress: told how many files are done.
  ///   - endOfChunk: told the places that were done.
  ///   - body: returns what is wrong with a file, if something is.
  /// - Returns: the files with which something is wrong.
  func inChunks<Failure: Error>(
    progress: (Int) -> Void,
    endOfChunk: (Range<Int>, _ bad: Set<Int>) throws(Failure) -> Void, _ body: (Int) -> String?
  ) throws(Failure) -> [BadPicture] {
    var bad: [BadPicture] = []
    for start in stride(from: 0, to: entries.count, by: Self.chunk) {
      let places = start..<min(entries.count, start + Self.chunk)
      var reasons = [String?](repeating: nil, count: places.count)
      reasons.withUnsafeMutableBufferPointer { reasons in
        // Safe to share: each task writes an element of its own.
        nonisolated(unsafe) let reasons = reasons
        parallelFor(places.count) { reasons[$0] = body(start + $0) }
      }
      let found = reasons.enumerated().compactMap { offset, reason in
        reason.map {
          BadPicture(index: start + offset, path: entries[start + offset].path, reason: $0)
        }
      }
      bad += found
      try endOfChunk(places, Set(found.map(\.index)))
      progress(places.upperBound)
    }
    return bad
  }

  /// How many files are done between two reports.
  static let chunk = 256
}
