extension Table {
  /// The table as CSV by RFC 4180: a line of names, then the rows with all digits, fields quoted
  /// where needed, lines ended by CR LF.
  public func csv() -> String {
    ([columns.map(\.name)] + rows.map { $0.map(\.exact) })
      .map { $0.map(Self.quoted).joined(separator: ",") + "\r\n" }
      .joined()
  }

  private static func quoted(_ field: String) -> String {
    // Scalars, because CR LF is one character, and a quote may carry a combining mark.
    let scalars = field.unicodeScalars
    guard scalars.contains(where: { ["\"", ",", "\r", "\n"].contains($0) }) else { return field }
    var result = "\""
    for scalar in scalars {
      if scalar == "\"" { result.unicodeScalars.append(scalar) }
      result.unicodeScalars.append(scalar)
    }
    return result + "\""
  }
}
