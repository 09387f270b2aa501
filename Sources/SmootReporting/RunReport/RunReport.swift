/// What a report on runs shows, before it becomes a page: plain values that any program can fill in.
public struct RunReport: Sendable {
  /// Measures that were found in a file.
  public struct Faithfulness: Sendable {
    /// The file.
    public var source: String
    /// What it holds about the report's runs.
    public var report: FaithfulnessReport

    /// Makes a part of a report.
    public init(source: String, report: FaithfulnessReport) {
      self.source = source
      self.report = report
    }
  }

  /// Accuracy-drop curves that were found in a file.
  public struct AccuracyDrop: Sendable {
    /// The file.
    public var source: String
    /// What it holds about the report's runs.
    public var report: AccuracyDropReport

    /// Makes a part of a report.
    public init(source: String, report: AccuracyDropReport) {
      self.source = source
      self.report = report
    }
  }

  /// Pictures of one kind with their maps, or why there are none.
  public enum Pictures: Sendable {
    /// A heading, sentences about how images were chosen, and the pictures.
    case shown(title: String, explanation: String, table: PictureTable)
    /// Why there are none.
    case missing(String)
  }

  /// When the report was made, as text.
  public var date: String
  /// The program's version.
  public var version: String
  /// The command that makes the report again.
  public var command: String
  /// The runs, in the order of tables and colours.
  public var runs: [ReportedRun]
  /// Accuracy-drop curves; those of one file share their conditions.
  public var accuracyDrops: [AccuracyDrop]
  /// Scores and curves of measures; those of one file share their conditions.
  public var faithfulness: [Faithfulness]
  /// Pictures with maps.
  public var pictures: [Pictures]
  /// What could not be read, or is older than it should be, each in a sentence.
  public var warnings: [String]

  /// Gathers the parts.
  public init(
    date: String, version: String, command: String, runs: [ReportedRun],
    accuracyDrops: [AccuracyDrop] = [], faithfulness: [Faithfulness] = [],
    pictures: [Pictures] = [], warnings: [String] = []
  ) {
    self.date = date
    self.version = version
    self.command = command
    self.runs = runs
    self.accuracyDrops = accuracyDrops
    self.faithfulness = faithfulness
    self.pictures = pictures
    self.warnings = warnings
  }

  /// The report as a page.
  public func page() -> Page {
    let sets = Set(runs.compactMap { $0.setting("dataset") }).sorted().joined(separator: ", ")
    let names = runs.map(\.name).joined(separator: ", ")
    return Page(
      title: runs.count == 1 ? "Report on \(names)" : "Report on \(runs.count) runs",
      subtitle: [
        (runs.count == 1 ? [] : [names]) + (sets.isEmpty ? [] : ["data set \(sets)"]),
        ["made \(date) by smoot \(version)"],
      ].map { $0.joined(separator: " · ") }.filter { !$0.isEmpty },
      sections: [
        overview, configuration, learningCurves, maskSizes, accuracyDropSection, curveSection,
        scoreSection, pictureSection, reproduction, allSettings,
      ])
  }
}
