public import SmootTensor

/// A network that cannot be.
public struct ModelError: SmootError {
  /// The option that asks for it, without dashes.
  public let option: String
  /// What is wrong.
  public let message: String
  /// The status with which a command that meets this error ends.
  public var exitCode: Int32 { 64 }

  init(_ option: String, _ message: String) {
    self.option = option
    self.message = message
  }

  /// One line for a person.
  public var description: String { "--\(option): \(message)" }
}
