extension DecodingError {
  /// What is wrong, in a line.
  ///
  /// - Parameter kind: what the JSON should be, such as `an accuracy-drop report`.
  func line(_ kind: String) -> String {
    switch self {
    case .keyNotFound(let key, let context):
      "expected the key \(key.stringValue) at \(Self.place(context.codingPath)), found none"
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      "expected \(type) at \(Self.place(context.codingPath)), found something else"
    case .dataCorrupted(let context):
      "expected JSON of \(kind), found damage at \(Self.place(context.codingPath))"
    @unknown default: "expected JSON of \(kind)"
    }
  }

  private static func place(_ path: [any CodingKey]) -> String {
    let names = path.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }
    let text = names.joined()
    return text.hasPrefix(".") ? String(text.dropFirst()) : text.isEmpty ? "the top" : text
  }
}
