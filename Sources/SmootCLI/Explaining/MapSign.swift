import Smoot

/// Which part of maps a person wants to see.
enum MapSign {
  /// Reads `abs` or `signed`.
  static func parse(_ text: String) throws(CommandError) -> HeatmapScale.Sign {
    switch text {
    case "abs": return .absolute
    case "signed": return .signed
    default: throw CommandError("--sign: \"\(text)\" is not one of: abs|signed", exitCode: 64)
    }
  }
}
