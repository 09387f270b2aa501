/// Something that can be chosen about a method.
public struct MethodOption: Sendable {
  /// The option's name, such as `samples`.
  public let name: String
  /// Its value when nothing is chosen, as text.
  public let usual: String
  /// One line.
  public let summary: String

  /// Makes a description of an option.
  public init(_ name: String, _ usual: some CustomStringConvertible, _ summary: String) {
    self.name = name
    self.usual = usual.description
    self.summary = summary
  }
}
