public import SmootTensor

/// What a run tells whoever watches it.
public enum TrainingEvent: Sendable {
  /// A step was taken: its epoch counted from 1, its number in the epoch, the steps of an epoch, and the epoch's sums so far.
  case step(epoch: Int, step: Int, steps: Int, sums: EpochSums)
  /// A step is due for the log.
  case logged(StepRecord)
  /// An epoch ended.
  case epoch(EpochRecord, isBest: Bool)
  /// The run was saved.
  case saved(path: String, step: Int)
  /// Something that a person should know.
  case warning(String)
}

/// Why a run ended.
public enum TrainingOutcome: Sendable, Equatable {
  /// All epochs are done.
  case finished
  /// There was no better accuracy for ``TrainingConfiguration/patience`` epochs.
  case outOfPatience
  /// Somebody asked it to stop.
  case interrupted
  /// ``TrainingConfiguration/maxTime`` is over.
  case outOfTime
}

/// Training cannot go on.
public enum TrainingError: SmootError {
  /// The loss or a gradient is not a finite number.
  case diverged(step: Int)

  /// The status with which a command that meets this error ends.
  public var exitCode: Int32 { 21 }

  /// One line for a person.
  public var description: String {
    switch self {
    case .diverged(let step):
      "training diverged: the loss or a gradient of step \(step) is not a finite number; try a smaller --lr or --clip-grad; the last checkpoint is intact"
    }
  }
}
