/// A failure while reports are read, made or written, as one line that a person can act on.
public struct ReportingError: Error, CustomStringConvertible, Sendable, Equatable {
  /// What went wrong, by who can do something about it.
  public enum Kind: Sendable, Equatable {
    /// A file's or record's contents do not fit together.
    case badData
    /// The system refused to read or write.
    case disk
    /// A library failed without a reason that the user can remove.
    case unexpected
  }

  /// What went wrong, by who can do something about it.
  public let kind: Kind
  /// File, place, what was expected, what was found and what to do, in one line.
  public let description: String

  /// Makes an error from its one line.
  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  /// The status with which a command line program that meets this error should end.
  public var exitCode: Int32 {
    switch kind {
    case .badData: 65
    case .disk: 74
    case .unexpected: 70
    }
  }
}
