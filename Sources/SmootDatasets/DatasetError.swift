public import SmootTensor

/// What is wrong with a data set or with one of its files.
public enum DatasetError: SmootError {
  /// A file does not hold what it should.
  case badFile(path: String, place: String, expected: String, found: String)
  /// A file or folder cannot be read.
  case unreadable(path: String, reason: String)
  /// A folder of pictures is not organized as one, or something in it must not be there.
  case badFolder(path: String, reason: String)
  /// A picture that was sound cannot be used any more.
  case badPicture(BadPicture)
  /// Pictures of a folder cannot be used.
  case badPictures(folder: String, [BadPicture], canSkip: Bool)
  /// Picture files that were asked for cannot be used.
  case badFiles([BadPicture])
  /// A file cannot be written.
  case unwritable(path: String, reason: String, advice: String)
  /// A data set is in none of the places where it may be.
  case missing(name: String, lookedIn: [String], advice: String)
  /// There is no data set of this name.
  case unknown(name: String, known: [String])
  /// A file could not be fetched.
  case notFetched(name: String, reason: String, advice: String)

  /// The status with which a command that meets this error ends.
  public var exitCode: Int32 {
    switch self {
    case .badFile, .badFiles, .badFolder, .badPicture, .badPictures: 65
    case .unreadable, .missing: 66
    case .unknown: 64
    case .notFetched: 69
    case .unwritable: 74
    }
  }

  /// One line for a person; for several bad pictures one line for each of the first ten.
  public var description: String {
    switch self {
    case .badFile(let path, let place, let expected, let found):
      "\(path): \(place): expected \(expected), found \(found); fetch the file again, or check that it is the right one"
    case .unreadable(let path, let reason): "\(path.printable): \(reason)"
    case .badFolder(let path, let reason): "\(path.printable): \(reason)"
    case .badPicture(let picture): "\(picture) (the file was sound when the run began)"
    case .badPictures(let folder, let pictures, let canSkip):
      Self.describe(pictures, of: folder.printable, canSkip: canSkip)
    case .badFiles(let pictures): pictures.map { "\($0)" }.joined(separator: "\n")
    case .unwritable(let path, let reason, let advice):
      "\(path.printable): cannot be written: \(reason); make room, \(advice)"
    case .missing(let name, let lookedIn, let advice):
      "data set \(name) not found (looked in \(lookedIn.joined(separator: ", "))); \(advice)"
    case .unknown(let name, let known):
      "there is no data set \"\(name)\"; known are \(known.joined(separator: ", "))"
    case .notFetched(let name, let reason, let advice): "\(name): \(reason); \(advice)"
    }
  }

  private static func describe(
    _ pictures: [BadPicture], of folder: String, canSkip: Bool
  ) -> String {
    let count = "\(pictures.count) \(pictures.count == 1 ? "picture" : "pictures")"
    let first =
      canSkip
      ? "\(folder): \(count) cannot be used; `smoot data check \(folder)` names them all, --bad-images skip leaves them out"
      : "\(folder): \(count) cannot be used now, but could be when the run began"
    let rest = pictures.count > 10 ? ["  and \(pictures.count - 10) more"] : []
    return ([first] + pictures.prefix(10).map { "  \($0)" } + rest).joined(separator: "\n")
  }
}
