public import SmootTensor

/// What is wrong with a checkpoint or with the place where it should go.
public enum CheckpointError: SmootError {
  /// A file does not hold what it should.
  case badFile(path: String, place: String, expected: String, found: String)
  /// A file is not there or cannot be read.
  case unreadable(path: String, reason: String)
  /// A file cannot be written.
  case unwritable(path: String, reason: String)
  /// A checkpoint does not belong to the model.
  case mismatch(path: String, tensor: String, expected: String, found: String)
  /// Another process works in this folder.
  case locked(path: String, owner: String)
  /// There is no usable checkpoint in a folder.
  case none(folder: String, damaged: [String])

  /// The status with which a command that meets this error ends.
  public var exitCode: Int32 {
    switch self {
    case .badFile, .mismatch: 65
    case .unreadable, .none: 66
    case .unwritable: 74
    case .locked: 73
    }
  }

  /// One line for a person.
  public var description: String {
    switch self {
    case .badFile(let path, let place, let expected, let found):
      "\(path): \(place): expected \(expected), found \(found)"
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .unwritable(let path, let reason): "\(path): cannot be written: \(reason)"
    case .mismatch(let path, let tensor, let expected, let found):
      "\(path): tensor \(tensor): the model expects \(expected), the file has \(found); is it the checkpoint of another model?"
    case .locked(let path, let owner):
      "\(path): in use by \(owner.isEmpty ? "another process" : owner)"
    case .none(let folder, let damaged):
      damaged.isEmpty
        ? "\(folder): there is no checkpoint"
        : "\(folder): no checkpoint is sound; damaged: \(damaged.joined(separator: "; "))"
    }
  }
}
