import Foundation

/// The checkpoints of a run: `step-0001876.safetensors`, and `last.safetensors` and `best.safetensors`, which are other names of two of them.
public struct CheckpointStore {
  /// The folder.
  public let folder: String
  /// How many of the newest checkpoints to keep, at least two.
  public let kept: Int

  /// Opens a folder, making it when it is not there, and removes what a killed process left of a save.
  ///
  /// Only who holds the run's lock may do this.
  public init(folder: String, kept: Int) throws(CheckpointError) {
    self.folder = folder
    self.kept = max(2, kept)
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch { throw .unwritable(path: folder, reason: error.localizedDescription) }
    for name in Self.names(folder) where name.hasPrefix(DurableFile.temporaryPrefix) {
      unlink("\(folder)/\(name)")
    }
  }

  /// Saves a checkpoint; when this returns, no crash can lose it.
  ///
  /// - Parameters:
  ///   - file: what to save.
  ///   - step: how many steps were taken.
  ///   - isBest: whether `best.safetensors` should be this one from now on.
  /// - Returns: the path.
  @discardableResult
  public func save(_ file: TensorFile, step: Int, isBest: Bool) throws(CheckpointError) -> String {
    let name = Self.name(step: step)
    try file.write(to: "\(folder)/\(name)")
    Failpoint.beforeLinks.pass()
    try adopt(step: step, isBest: isBest)
    Failpoint.afterLinks.pass()
    for old in Self.steps(folder).dropFirst(kept) {
      unlink("\(folder)/\(Self.name(step: old))")
      Failpoint.midPrune.pass()
    }
    return "\(folder)/\(name)"
  }

  /// Makes a checkpoint that is there already the last one, and perhaps the best: what a save does last, and what a process may have been killed before.
  public func adopt(step: Int, isBest: Bool) throws(CheckpointError) {
    let name = Self.name(step: step)
    try point("last.safetensors", to: name)
    if isBest { try point("best.safetensors", to: name) }
    try DurableFile.syncFolder(folder)
  }

  /// Gives a checkpoint another name, at once and for good.
  private func point(_ alias: String, to name: String) throws(CheckpointError) {
    let temporary = "\(folder)/\(DurableFile.temporaryPrefix)\(alias)"
    unlink(temporary)
    if link("\(folder)/\(name)", temporary) != 0 {
      // No hard links on this file system.
      do {
        try FileManager.default.copyItem(atPath: "\(folder)/\(name)", toPath: temporary)
      } catch { throw .unwritable(path: "\(folder)/\(alias)", reason: error.localizedDescription) }
    }
    guard rename(temporary, "\(folder)/\(alias)") == 0 else {
      throw .unwritable(path: "\(folder)/\(alias)", reason: DurableFile.reason())
    }
    // rename(2) does nothing when both names are the same file already.
    unlink(temporary)
  }

  /// The newest checkpoint that is sound.
  ///
  /// - Returns: the checkpoint, its path, and for each newer one that is damaged what is wrong with it.
  /// - Throws: ``CheckpointError/none(folder:damaged:)`` when there is none.
  public static func newest(
    in folder: String
  ) throws(CheckpointError) -> (file: TensorFile, path: String, damaged: [String]) {
    var damaged: [String] = []
    for step in steps(folder) {
      let path = "\(folder)/\(name(step: step))"
      do throws(CheckpointError) {
        return (try TensorFile(contentsOf: path, requiresDigest: true), path, damaged)
      } catch { damaged.append("\(error)") }
    }
    throw .none(folder: folder, damaged: damaged)
  }

  /// The steps of which there are checkpoints, the newest first.
  public static func steps(_ folder: String) -> [Int] {
    names(folder).compactMap { name in
      guard name.hasPrefix("step-"), name.hasSuffix(".safetensors") else { return nil }
      return Int(name.dropFirst(5).dropLast(12))
    }.sorted(by: >)
  }

  private static func name(step: Int) -> String {
    let digits = String(step)
    return "step-\(String(repeating: "0", count: max(0, 7 - digits.count)))\(digits).safetensors"
  }

  private static func names(_ folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  }
}
