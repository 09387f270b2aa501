/// The format of MNIST: a big-endian header with a magic number and the extents, then the bytes.
enum IDXFile {
  /// An array of bytes.
  struct Contents {
    let dimensions: [Int]
    let bytes: ArraySlice<UInt8>
  }

  /// Reads an array of unsigned bytes.
  ///
  /// - Parameters:
  ///   - path: the file, plain or gzipped.
  ///   - rank: how many axes it must have.
  ///   - limit: the most elements it may have.
  static func read(_ path: String, rank: Int, limit: Int) throws(DatasetError) -> Contents {
    let header = 4 + 4 * rank
    let content = try ByteSource.content(of: path, limit: limit + header)
    func bad(_ place: String, _ expected: String, _ found: String) -> DatasetError {
      .badFile(path: path, place: place, expected: expected, found: found)
    }
    guard content.count >= header else {
      throw bad("the header", "\(header) bytes", "\(content.count) bytes")
    }
    let magic = content[0..<4].map { String($0) }.joined(separator: " ")
    guard content[0] == 0, content[1] == 0, content[2] == 8, content[3] == UInt8(rank) else {
      throw bad("bytes 0 to 3", "the IDX magic number 0 0 8 \(rank)", magic)
    }
    let dimensions = (0..<rank).map { axis in
      content[4 + 4 * axis..<8 + 4 * axis].reduce(0) { $0 << 8 | Int($1) }
    }
    var count = 1
    for extent in dimensions {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow, product <= limit else {
        throw bad("bytes 4 to \(header - 1)", "at most \(limit) elements", "extents \(dimensions)")
      }
      count = product
    }
    guard content.count == header + count else {
      throw bad(
        "byte \(min(content.count, header + count))",
        "\(header + count) bytes for extents \(dimensions)",
        "\(content.count) bytes")
    }
    return Contents(dimensions: dimensions, bytes: content[header...])
  }
}
