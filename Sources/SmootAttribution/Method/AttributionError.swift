public import SmootTensor

/// A map that cannot be made.
public struct AttributionError: SmootError, Equatable {
  /// One line for a person.
  public let description: String
  /// The status with which a command that meets this error ends.
  public let exitCode: Int32
  /// The option whose value is not possible, if that is what is wrong; that of a method inside another one with the names of both, `method.samples`.
  public let option: String?

  /// An error in one line of words.
  public init(_ description: String, exitCode: Int32 = 64, option: String? = nil) {
    self.description = description
    self.exitCode = exitCode
    self.option = option
  }

  /// A rule has no meaning for an operation of the network.
  ///
  /// - Parameters:
  ///   - method: the method's name.
  ///   - operation: the operation's name.
  ///   - layer: the layer that the operation belongs to, if that is known.
  ///   - reason: what is to be done instead.
  public static func unsuited(
    _ method: String, operation: String, layer: String?, _ reason: String
  ) -> AttributionError {
    let place = layer.map { " in \($0)" } ?? ""
    return AttributionError("\(method) has no rule for \(operation)\(place): \(reason)")
  }

  /// There is no layer of a name, or it gives nothing that can be explained.
  public static func unknownLayer(_ name: String, known: [String]) -> AttributionError {
    AttributionError(
      "there is no layer \"\(name)\"\(suggestion(name, known)); known are \(known.joined(separator: ", "))"
    )
  }

  /// There is no method of a name.
  public static func unknownMethod(_ name: String, known: [String]) -> AttributionError {
    AttributionError(
      "there is no method \"\(name)\"\(suggestion(name, known)); known are \(known.joined(separator: ", "))"
    )
  }

  /// A method has no option of a name.
  public static func unknownOption(
    _ name: String, of method: String, known: [String]
  ) -> AttributionError {
    let all = known.isEmpty ? "it has none" : "known are \(known.joined(separator: ", "))"
    return AttributionError(
      "\(method) has no option \"\(name)\"\(suggestion(name, known)); \(all)")
  }

  /// An option has a value that it cannot have.
  ///
  /// - Parameters:
  ///   - option: the option's name.
  ///   - value: what was given.
  ///   - expected: what is possible.
  public static func badValue(
    _ option: String, _ value: String, expected: String
  ) -> AttributionError {
    AttributionError("\(option) is \"\(value)\", expected \(expected)", option: option)
  }

  /// The data given do not suit the method, such as replayed noise of another shape.
  public static func badData(_ description: String) -> AttributionError {
    AttributionError(description, exitCode: 65)
  }

  private static func suggestion(_ name: String, _ known: [String]) -> String {
    nearestWord(to: name, among: known).map { " (did you mean \"\($0)\"?)" } ?? ""
  }
}
