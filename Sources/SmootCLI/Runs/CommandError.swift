import Smoot

/// Something that a command was asked for and cannot do.
struct CommandError: SmootError {
  let description: String
  let exitCode: Int32

  init(_ description: String, exitCode: Int32) {
    self.description = description
    self.exitCode = exitCode
  }
}
