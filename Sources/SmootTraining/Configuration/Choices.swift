/// How a model is trained.
public enum TrainingMethod: String, Sendable, Codable, CaseIterable {
  /// Cross-entropy alone.
  case traditional
  /// Saliency-guided training: a fixed share of masked elements.
  case sgt
  /// SMOOT: a mask size that adapts to each image.
  case smoot
}

/// Which optimizer moves the weights.
public enum OptimizerKind: String, Sendable, Codable, CaseIterable {
  /// Adadelta.
  case adadelta
  /// Stochastic gradient descent with momentum.
  case sgd
  /// Adam with decoupled weight decay.
  case adamw
}

/// How the learning rate falls.
public enum ScheduleKind: String, Sendable, Codable, CaseIterable {
  /// It stays.
  case constant
  /// It falls by a factor every few epochs.
  case step
  /// It follows half a cosine.
  case cosine
}

/// The mode of a pass.
public enum PassMode: String, Sendable, Codable, CaseIterable {
  /// Without dropout.
  case eval
  /// With dropout.
  case train
}

/// What the mask size of an image belongs to.
public enum BudgetKey: String, Sendable, Codable, CaseIterable {
  /// The image's place in the data set; shuffles, left-out batches and crops do not matter.
  case index
}

/// Which epochs the mask sizes in a run's summary are of.
public enum BudgetReport: String, Sendable, Codable, CaseIterable {
  /// The last epoch.
  case final
  /// All epochs: the least, the median of the medians, and the greatest.
  case trajectory
}

/// Which weights `best.safetensors` names.
public enum Selection: String, Sendable, Codable, CaseIterable {
  /// Those of the last epoch.
  case last
  /// Those with the best accuracy on the validation images.
  case bestValidation = "best-val"
  /// Those with the best accuracy on the test images, as the code of SGT does; this leaks the test set into the choice.
  case bestTest = "best-test"
}

/// What happens when a loss or a gradient is not a finite number.
public enum NaNPolicy: String, Sendable, Codable, CaseIterable {
  /// Training stops; the weights of the last save remain.
  case stop
  /// The step is left out.
  case skip
}

/// What happens when pictures of a folder cannot be used.
public enum BadImagePolicy: String, Sendable, Codable, CaseIterable {
  /// The run does not begin.
  case stop
  /// They are left out, and the run keeps a list of them.
  case skip
}

/// How often a run is saved.
public enum SaveInterval: Sendable, Equatable, CustomStringConvertible {
  /// Every so many epochs.
  case epochs(Int)
  /// Every so many steps, and at the end of each epoch.
  case steps(Int)
  /// Every so many minutes, and at the end of each epoch.
  case minutes(Double)

  /// Reads `1e`, `500s` or `10m`.
  public init?(_ text: String) {
    let number = text.dropLast()
    switch text.last {
    case "e": guard let count = Int(number), count > 0 else { return nil }; self = .epochs(count)
    case "s": guard let count = Int(number), count > 0 else { return nil }; self = .steps(count)
    case "m":
      guard let count = Double(number), count > 0, count.isFinite else { return nil }
      self = .minutes(count)
    default: return nil
    }
  }

  /// One line for a person.
  public var description: String {
    switch self {
    case .epochs(let count): "\(count)e"
    case .steps(let count): "\(count)s"
    case .minutes(let count): "\(count)m"
    }
  }
}
