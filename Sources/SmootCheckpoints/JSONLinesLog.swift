import Foundation

/// A file with one JSON object a line, to which lines are only ever added.
public struct JSONLinesLog {
  /// Where the file is.
  public let path: String

  /// Opens or makes a log; a last line that a killed process left torn is cut off.
  public init(path: String) throws(CheckpointError) {
    self.path = path
    guard let data = FileManager.default.contents(atPath: path) else {
      try DurableFile.write(Data(), to: path)
      return
    }
    guard let last = data.last, last != 0x0a else { return }
    let whole = data.lastIndex(of: 0x0a).map { data[...$0] } ?? Data()
    try DurableFile.write(Data(whole), to: path)
  }

  /// Adds a line with one write.
  public func append(_ record: some Encodable) throws(CheckpointError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard var line = try? encoder.encode(record) else {
      throw .unwritable(path: path, reason: "a record is not representable in JSON")
    }
    line.append(0x0a)
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .unwritable(path: path, reason: DurableFile.reason()) }
    defer { close(descriptor) }
    try DurableFile.Sink(descriptor: descriptor, path: path).write(line)
  }

  /// The records, in order; lines that are not of the type are left out.
  public func records<Record: Decodable>(_ type: Record.Type) -> [Record] {
    lines.compactMap { try? JSONDecoder().decode(type, from: $0) }
  }

  /// Keeps the records for which `isKept` holds: those up to the step at which a run resumes.
  public func keep<Record: Decodable>(
    _ type: Record.Type, where isKept: (Record) -> Bool
  ) throws(CheckpointError) {
    let kept = lines.filter { line in
      (try? JSONDecoder().decode(type, from: line)).map(isKept) ?? false
    }
    var data = Data()
    for line in kept {
      data += line
      data.append(0x0a)
    }
    try DurableFile.write(data, to: path)
  }

  private var lines: [Data] {
    (FileManager.default.contents(atPath: path) ?? Data()).split(separator: 0x0a).map { Data($0) }
  }
}
