/// The value that a flag's text names.
///
/// - Throws: ``CommandError`` that lists the values, with the exit code of wrong use.
func choice<Value: RawRepresentable<String> & CaseIterable>(
  _ flag: String, _ text: String
) throws(CommandError) -> Value {
  guard let value = Value(rawValue: text) else {
    let known = Value.allCases.map(\.rawValue).joined(separator: "|")
    throw CommandError("\(flag): \"\(text)\" is not one of: \(known)", exitCode: 64)
  }
  return value
}
