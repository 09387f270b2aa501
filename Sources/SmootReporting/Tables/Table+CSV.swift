extension Table {
  /// The table as CSV by RFC 4180: a line of names, then the rows with all digits, fields quoted where needed, lines ended by CR LF.
  public func csv() -> String {
    ([columns.map(\.name)] + rows.map { $0.map(\.exact) })
      .map { $0.map(Self.quoted).joined(separator: ",") + "\r\n" }
      .joined()
  }

  private static func quoted(_ field: String) -> String {
    // Scalars, because CR LF is one character.
    guard field.unicodeScalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else {
      return field
    }
    return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
