import Foundation

/// The JSON header of a safetensors file, read by the letter: every rule of the format that a reader relies on is checked here.
struct SafetensorsHeader {
  /// Where an array lies.
  struct Record {
    let name: String
    let type: String
    let shape: [Int]
    let begin: Int
    let end: Int
  }

  /// The arrays in the order of their bytes.
  private(set) var records: [Record] = []
  /// The texts.
  private(set) var metadata: [String: String] = [:]
  /// How many bytes of arrays there are.
  private(set) var dataCount = 0

  private static let mostTensors = 100_000
  private static let highestRank = 8

  init(_ header: Data, path: String) throws(CheckpointError) {
    var scanner = StrictJSONScanner(bytes: [UInt8](header), path: path)
    var names: Set<String> = []
    try scanner.object { (scanner, name) throws(CheckpointError) in
      guard names.insert(name).inserted else { throw scanner.bad("a new name", "\(name) again") }
      if name == "__metadata__" {
        try scanner.object { (scanner, key) throws(CheckpointError) in
          guard metadata[key] == nil else { throw scanner.bad("a new key", "\(key) again") }
          metadata[key] = try scanner.string()
        }
      } else {
        guard records.count < Self.mostTensors else {
          throw scanner.bad("at most \(Self.mostTensors) tensors", "more")
        }
        records.append(try Self.record(name, &scanner))
      }
    }
    try scanner.end()
    try checkPlaces(scanner)
  }

  private static func record(
    _ name: String, _ scanner: inout StrictJSONScanner
  ) throws(CheckpointError) -> Record {
    var type: String?
    var shape: [Int]?
    var offsets: [Int]?
    try scanner.object { (scanner, key) throws(CheckpointError) in
      switch key {
      case "dtype" where type == nil: type = try scanner.string()
      case "shape" where shape == nil: shape = try scanner.integers(atMost: highestRank)
      case "data_offsets" where offsets == nil: offsets = try scanner.integers(atMost: 2)
      default: throw scanner.bad("dtype, shape and data_offsets, once each", key)
      }
    }
    guard let type, let shape, let offsets, offsets.count == 2 else {
      throw scanner.bad("dtype, shape and two data_offsets of tensor \(name)", "not all of them")
    }
    guard let width = TensorFile.bytesOfType[type] else {
      throw scanner.bad("a known dtype of tensor \(name)", type)
    }
    var bytes = width
    for extent in shape {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw scanner.bad("a shape of sane size", "\(shape)") }
      bytes = product
    }
    guard offsets[1] >= offsets[0], offsets[1] - offsets[0] == bytes else {
      throw scanner.bad(
        "\(bytes) bytes for tensor \(name) of shape \(shape)", "data_offsets \(offsets)")
    }
    return Record(name: name, type: type, shape: shape, begin: offsets[0], end: offsets[1])
  }

  /// The arrays follow one another without holes and without overlap.
  private mutating func checkPlaces(_ scanner: StrictJSONScanner) throws(CheckpointError) {
    records.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
    for record in records {
      guard record.begin == dataCount else {
        throw scanner.bad("tensor \(record.name) at offset \(dataCount)", "\(record.begin)")
      }
      dataCount = record.end
    }
  }
}
