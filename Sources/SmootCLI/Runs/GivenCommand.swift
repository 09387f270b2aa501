import Foundation

/// Commands as people type them.
enum GivenCommand {
  /// The command that this process was started with.
  static var text: String { line(["smoot"] + CommandLine.arguments.dropFirst()) }

  /// Words as a line that a shell takes for the same words.
  static func line(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }

  private static let plain = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./,:=@%+")

  private static func quoted(_ word: String) -> String {
    if !word.isEmpty, word.allSatisfy(plain.contains) { return word }
    return "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
