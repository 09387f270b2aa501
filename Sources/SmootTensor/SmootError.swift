/// An error that a person can act on: its description is one line, and a command ends with its exit code.
public protocol SmootError: Error, CustomStringConvertible, Sendable {
  /// The status with which a command line program that meets this error should end; the README lists them.
  var exitCode: Int32 { get }
}
