import Smoot
import SmootCheckpoints

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
    sha256 = try FileDigest(of: path).sha256
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
