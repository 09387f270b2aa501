public import SmootTensor

/// A setting that cannot be.
public struct ConfigurationError: SmootError {
  /// Where the setting comes from: `--lr`, `SMOOT_LR`, `config.yaml:7:3`.
  public let origin: String
  /// What is wrong and what to do.
  public let message: String
  /// The status with which a command that meets this error ends.
  public let exitCode: Int32

  /// Makes an error.
  ///
  /// - Parameters:
  ///   - origin: where the setting comes from.
  ///   - message: what is wrong and what to do.
  ///   - exitCode: 64 for a flag, 78 for a file or the environment.
  public init(origin: String, message: String, exitCode: Int32 = 64) {
    self.origin = origin
    self.message = message
    self.exitCode = exitCode
  }

  /// One line for a person.
  public var description: String { "\(origin): \(message)" }
}
