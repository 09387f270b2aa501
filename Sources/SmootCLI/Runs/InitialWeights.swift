import Crypto
import Foundation
import Smoot

/// The weights that a run began from, for its record.
struct InitialWeights: Codable {
  let path: String
  let sha256: String
  let tensors: Initialization

  /// Reads a file of weights into a model before its first step.
  init(_ path: String, for trainer: Trainer) throws {
    self.path = path
    let file = try TensorFile(contentsOf: path)
    tensors = try trainer.initialize(from: file, path: path)
    let content = try Data(contentsOf: URL(fileURLWithPath: path))
    sha256 = SHA256.hash(data: content).map { String(format: "%02x", $0) }.joined()
  }

  /// Says what became of each tensor.
  func announce(_ common: CommonFlags) {
    common.note("  init: \(tensors.taken) tensors from \(path)")
    for text in tensors.adapted { common.note("  init: resampled \(text)") }
    for text in tensors.fresh { common.note("  init: new \(text)") }
    if !tensors.unused.isEmpty {
      common.note("  init: not used \(tensors.unused.joined(separator: ", "))")
    }
  }
}
