import Crypto
import Foundation

extension TensorFile {
  /// Reads a file, and refuses whatever does not follow the format to the letter.
  ///
  /// - Parameters:
  ///   - path: a safetensors file, smoot's or another tool's.
  ///   - requiresDigest: whether a file without a digest is refused.
  /// - Throws: ``CheckpointError`` that names the place and the rule.
  public init(contentsOf path: String, requiresDigest: Bool = false) throws(CheckpointError) {
    func bad(_ place: String, _ expected: String, _ found: String) -> CheckpointError {
      .badFile(path: path, place: place, expected: expected, found: found)
    }
    var information = stat()
    guard stat(path, &information) == 0 else {
      throw .unreadable(path: path, reason: DurableFile.reason())
    }
    guard information.st_mode & S_IFMT == S_IFREG else {
      throw bad("the path", "a regular file", "something else")
    }
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw .unreadable(path: path, reason: DurableFile.reason())
    }
    defer { try? handle.close() }
    func read(_ count: Int) throws(CheckpointError) -> Data {
      do {
        let data = try handle.read(upToCount: count) ?? Data()
        return data
      } catch { throw .unreadable(path: path, reason: "\(error)") }
    }

    let size = Int(information.st_size)
    let start = try read(8)
    guard start.count == 8 else { throw bad("the file", "at least 8 bytes", "\(start.count)") }
    let length = start.enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << (8 * $1.offset) }
    guard length <= Self.longestHeader, Int(length) + 8 <= size else {
      throw bad(
        "bytes 0 to 7", "the length of a header that fits into the file (safetensors)",
        Self.guess(start, length, path))
    }
    let header = try read(Int(length))
    guard header.count == length else {
      throw bad("byte \(8 + header.count)", "\(length) bytes of header", "the end of the file")
    }
    let layout = try SafetensorsHeader(header, path: path)
    metadata = layout.metadata
    guard 8 + Int(length) + layout.dataCount == size else {
      throw bad(
        "the end of the file", "\(8 + Int(length) + layout.dataCount) bytes in all",
        "\(size) bytes")
    }

    var hash = SHA256()
    hash.update(data: start)
    hash.update(data: header)
    var digest: Data?
    for (index, record) in layout.records.enumerated() {
      let data = try read(record.end - record.begin)
      guard data.count == record.end - record.begin else {
        throw bad("tensor \(record.name)", "\(record.end - record.begin) bytes", "\(data.count)")
      }
      if record.name == Self.digestName, index == layout.records.count - 1 {
        digest = data
      } else {
        hash.update(data: data)
        entries[record.name] = Entry(type: record.type, shape: record.shape, data: data)
      }
    }
    if let digest, digest != Data(hash.finalize()) {
      throw bad("the content", "the SHA-256 that the file states", "another: the file is damaged")
    }
    if requiresDigest, digest == nil {
      throw bad("the file", "the digest of a smoot checkpoint", "none")
    }
  }

  /// What a file that is no safetensors file probably is.
  private static func guess(_ start: Data, _ length: UInt64, _ path: String) -> String {
    let bytes = [UInt8](start)
    if bytes[0] == 0x80 || (bytes[0] == 0x50 && bytes[1] == 0x4b) {
      return
        "a pickle (.pt or .pth), which smoot never reads; convert it: \(recipe(path))"
    }
    if bytes.allSatisfy({ (0x20..<0x7f).contains($0) || $0 == 0x0a || $0 == 0x0d || $0 == 0x09 }) {
      return "text"
    }
    return "\(length)"
  }

  /// The command that turns a pickle of tensors into a safetensors file.
  private static func recipe(_ path: String) -> String {
    let target = (path as NSString).deletingPathExtension + ".safetensors"
    return
      "python3 -c \"import torch, safetensors.torch as s; w = torch.load('\(path)', map_location='cpu', weights_only=True); w = w.get('model', w.get('state_dict', w)); s.save_file({k: v.contiguous() for k, v in w.items()}, '\(target)')\""
  }
}
