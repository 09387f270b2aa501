import Foundation

/// An amount of memory as people write it: 512M, 2G, 1.5G, or a number of bytes.
struct ByteCount {
  let bytes: Int

  /// Reads an amount; K, M, G and T are powers of 1,024.
  ///
  /// - Throws: ``CommandError`` with the exit code of wrong use.
  init(_ flag: String, _ text: String) throws(CommandError) {
    var digits = Substring(text.uppercased())
    if digits.hasSuffix("B") { digits = digits.dropLast() }
    let power = digits.last.flatMap { "KMGT".firstIndex(of: $0) }
    if power != nil { digits = digits.dropLast() }
    let steps = power.map { "KMGT".distance(from: "KMGT".startIndex, to: $0) + 1 } ?? 0
    let unit = pow(1024, Double(steps))
    guard let value = Double(digits), value.isFinite, value > 0, value * unit < 1e18,
      value * unit >= 1
    else {
      throw CommandError(
        "\(flag): \"\(text)\" is not an amount of memory such as 512M or 2G", exitCode: 64)
    }
    bytes = Int(value * unit)
  }
}
