extension Sequence<UInt8> {
  /// The bytes in hexadecimal digits, as digests are written.
  package var hexadecimalDigits: String {
    map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
