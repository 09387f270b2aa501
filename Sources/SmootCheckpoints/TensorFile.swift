import Crypto
public import Foundation
public import SmootTensor

/// The content of a safetensors file: named arrays and named texts.
///
/// The format is that of Hugging Face's safetensors: the header's length, a JSON header, the arrays' bytes. smoot adds one array, `smoot.sha256`: the digest of all bytes of
/// the file before it.
public struct TensorFile {
  /// An array as files hold it.
  public struct Entry {
    /// The type of the elements: `F32`, `I64`, `U8`, ...
    public let type: String
    /// The extents.
    public let shape: [Int]
    /// The elements, little-endian, the last axis fastest.
    public let data: Data

    /// Makes an entry.
    public init(type: String, shape: [Int], data: Data) {
      self.type = type
      self.shape = shape
      self.data = data
    }

    /// An entry of 32-bit floats.
    public init(_ tensor: Tensor) {
      self.init(
        type: "F32", shape: tensor.shape.dimensions,
        data: tensor.withUnsafeElements { Data(buffer: $0) })
    }

    /// An entry of 64-bit integers, from whole numbers.
    public init(integers tensor: Tensor) {
      let values = tensor.scalars.map { Int64($0) }
      self.init(
        type: "I64", shape: tensor.shape.dimensions, data: values.withUnsafeBytes { Data($0) })
    }

    /// The numbers as a tensor; `nil` unless they are 64-bit integers.
    public var integers: Tensor? {
      guard type == "I64" else { return nil }
      let values = data.withUnsafeBytes { bytes in
        (0..<bytes.count / 8).map {
          Float(bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Int64.self))
        }
      }
      return Tensor(values, shape: Shape(shape))
    }

    /// The numbers as a tensor; `nil` unless they are 32-bit floats.
    public var tensor: Tensor? {
      guard type == "F32" else { return nil }
      let values = data.withUnsafeBytes { bytes in
        (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
      }
      return Tensor(values, shape: Shape(shape))
    }
  }

  /// The arrays by their names.
  public var entries: [String: Entry] = [:]
  /// The texts by their names.
  public var metadata: [String: String] = [:]

  /// Makes an empty file.
  public init() {}

  /// The name of the digest.
  public static let digestName = "smoot.sha256"
  static let longestHeader = 8 << 20
  static let bytesOfType = [
    "F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2, "I16": 2,
    "U16": 2, "I8": 1, "U8": 1, "BOOL": 1,
  ]

  /// Writes the file durably.
  ///
  /// - Parameters:
  ///   - path: where the file goes; its folder exists.
  ///   - hasDigest: whether the digest is added; without it the file holds the arrays of ``entries`` alone, as PyTorch's strict loading wants.
  public func write(to path: String, hasDigest: Bool = true) throws(CheckpointError) {
    let names = entries.keys.sorted()
    var header = Data("{".utf8)
    var texts = metadata
    texts["format"] = "pt"
    header += Data("\"__metadata__\":\(Self.json(texts))".utf8)
    var offset = 0
    func append(_ name: String, _ entry: Entry) {
      let end = offset + entry.data.count
      let shape = entry.shape.map(String.init).joined(separator: ",")
      header += Data(
        ",\(Self.json(name)):{\"dtype\":\"\(entry.type)\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}"
          .utf8)
      offset = end
    }
    for name in names { if let entry = entries[name] { append(name, entry) } }
    if hasDigest {
      append(Self.digestName, Entry(type: "U8", shape: [32], data: Data(count: 32)))
    }
    header += Data("}".utf8)
    while header.count % 8 != 0 { header.append(0x20) }

    var hash = SHA256()
    try DurableFile.write(to: path) { (sink) throws(CheckpointError) in
      func put(_ data: Data) throws(CheckpointError) {
        hash.update(data: data)
        try sink.write(data)
      }
      var length = UInt64(header.count).littleEndian
      try put(withUnsafeBytes(of: &length) { Data($0) })
      try put(header)
      for name in names { if let entry = entries[name] { try put(entry.data) } }
      if hasDigest { try sink.write(Data(hash.finalize())) }
    }
  }

  /// A text or a dictionary of texts in JSON.
  private static func json(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }
}
