/// What a measure is, for lists and help.
public struct MeasureInformation: Sendable, Hashable {
  /// The name in commands and files, such as `insertion-deletion`.
  public let name: String
  /// The name in tables and plots.
  public let title: String
  /// What it measures, in one line.
  public let summary: String
  /// Where it is defined.
  public let source: String
  /// What it needs besides images, classes, maps and the network.
  public let needs: [MeasureNeed]

  /// Describes a measure.
  public init(
    _ name: String, title: String, summary: String, source: String, needs: [MeasureNeed] = []
  ) {
    self.name = name
    self.title = title
    self.summary = summary
    self.source = source
    self.needs = needs
  }
}
