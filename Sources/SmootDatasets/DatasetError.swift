public import SmootTensor

/// What is wrong with a data set or with one of its files.
public enum DatasetError: SmootError {
  /// A file does not hold what it should.
  case badFile(path: String, place: String, expected: String, found: String)
  /// A file or folder cannot be read.
  case unreadable(path: String, reason: String)
  /// A data set is in none of the places where it may be.
  case missing(name: String, lookedIn: [String], advice: String)
  /// There is no data set of this name.
  case unknown(name: String, known: [String])
  /// A file could not be fetched.
  case notFetched(name: String, reason: String, advice: String)

  /// The status with which a command that meets this error ends.
  public var exitCode: Int32 {
    switch self {
    case .badFile: 65
    case .unreadable, .missing: 66
    case .unknown: 64
    case .notFetched: 69
    }
  }

  /// One line for a person.
  public var description: String {
    switch self {
    case .badFile(let path, let place, let expected, let found):
      "\(path): \(place): expected \(expected), found \(found); fetch the file again, or check that it is the right one"
    case .unreadable(let path, let reason): "\(path): \(reason)"
    case .missing(let name, let lookedIn, let advice):
      "data set \(name) not found (looked in \(lookedIn.joined(separator: ", "))); \(advice)"
    case .unknown(let name, let known):
      "there is no data set \"\(name)\"; known are \(known.joined(separator: ", "))"
    case .notFetched(let name, let reason, let advice): "\(name): \(reason); \(advice)"
    }
  }
}
