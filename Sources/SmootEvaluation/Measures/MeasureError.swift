public import SmootTensor

/// A measure that cannot be taken.
public enum MeasureError: SmootError {
  /// There is no measure or score of this name.
  case unknown(name: String, known: [String])
  /// A measure has no option of this name.
  case unknownOption(measure: String, option: String, known: [String])
  /// An option has a value that it cannot have.
  case badValue(measure: String, option: String, expected: String, found: String)
  /// Maps do not fit the images.
  case badMaps(expected: String, found: String)
  /// The measure needs what was not given.
  case missing(measure: String, need: MeasureNeed)
  /// The measure cannot be taken of these images.
  case unfit(measure: String, reason: String)

  /// The status with which a command that meets this error ends.
  public var exitCode: Int32 {
    switch self {
    case .unknown, .unknownOption, .badValue, .missing: 64
    case .badMaps, .unfit: 65
    }
  }

  /// One line for a person.
  public var description: String {
    switch self {
    case .unknown(let name, let known):
      "there is no measure \"\(name)\"\(Self.guess(name, known)); known are \(known.joined(separator: ", "))"
    case .unknownOption(let measure, let option, let known):
      known.isEmpty
        ? "\(measure) has no options, so none called \"\(option)\""
        : "\(measure) has no option \"\(option)\"\(Self.guess(option, known)); it has \(known.joined(separator: ", "))"
    case .badValue(let measure, let option, let expected, let found):
      "\(measure): \(option) is \(expected), not \"\(found)\""
    case .badMaps(let expected, let found): "maps: expected \(expected), found \(found)"
    case .missing(let measure, let need): "\(measure) needs \(need.words)"
    case .unfit(let measure, let reason): "\(measure): \(reason)"
    }
  }

  private static func guess(_ word: String, _ words: [String]) -> String {
    nearestWord(to: word, among: words).map { " (did you mean \"\($0)\"?)" } ?? ""
  }
}
