/// A picture that cannot be used.
public struct BadPicture: Sendable, Hashable, CustomStringConvertible {
  /// Its place in the sorted list of its part of the data set.
  public let index: Int
  /// Its path below the data set's folder.
  public let path: String
  /// What is wrong with it: the place and the rule.
  public let reason: String

  /// Tells of a picture.
  public init(index: Int, path: String, reason: String) {
    self.index = index
    self.path = path
    self.reason = reason
  }

  /// One line for a person.
  public var description: String { "\(path.printable): \(reason)" }
}

extension String {
  /// The text with whatever would break or forge a line of a terminal written as an escape.
  package var printable: String {
    unicodeScalars.reduce(into: "") { text, scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse:
        text += scalar.escaped(asASCII: true)
      default: text.unicodeScalars.append(scalar)
      }
    }
  }
}
