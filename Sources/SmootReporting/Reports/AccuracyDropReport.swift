public import Foundation

/// Accuracy-drop curves of several runs, to be compared.
///
/// Its JSON form is one object with the key `runs`, and `conditions` if there are any.
public struct AccuracyDropReport: Codable, Equatable, Sendable {
  /// Which curves are averaged.
  public enum Grouping: String, Codable, CaseIterable, Sendable {
    /// Curves that differ only in run and seed.
    case method
    /// None: each curve stands for itself.
    case run
  }

  /// The curves in the order in which they are listed and drawn.
  public let runs: [AccuracyDropRun]

  /// What else changes the numbers, by name; the command that was given has the name `command`.
  public var conditions: [String: String]?

  private enum CodingKeys: CodingKey { case runs, conditions }

  /// Makes a report.
  ///
  /// - Throws: ``ReportingError`` of kind `badData` for a run whose numbers do not fit together.
  public init(runs: [AccuracyDropRun], conditions: [String: String]? = nil) throws {
    for run in runs { try run.validate() }
    self.runs = runs
    self.conditions = conditions
  }

  /// Reads a report and checks its runs.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      runs: container.decode([AccuracyDropRun].self, forKey: .runs),
      conditions: container.decodeIfPresent([String: String].self, forKey: .conditions))
  }

  /// Reads a report from its JSON form.
  ///
  /// - Parameters:
  ///   - json: the file's contents.
  ///   - name: what the file is called in errors.
  /// - Throws: ``ReportingError`` of kind `badData`.
  public init(json: Data, name: String = "JSON data") throws {
    do {
      self = try JSONDecoder().decode(AccuracyDropReport.self, from: json)
    } catch let error as ReportingError {
      throw ReportingError(.badData, "\(name): \(error)")
    } catch let error as DecodingError {
      throw ReportingError(.badData, "\(name): \(error.line("an accuracy-drop report"))")
    }
  }

  /// The report as JSON with sorted keys and a newline at the end.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self) + Data("\n".utf8)
  }

  /// The curves that belong together, in the order of their first run.
  public func groups(by grouping: Grouping = .method) -> [AccuracyDropGroup] {
    var keys: [[String]] = []
    var members: [[String]: [AccuracyDropRun]] = [:]
    for (index, run) in runs.enumerated() {
      let parts = [run.method, run.attribution ?? "", run.order, run.fill, "\(run.percent)"]
      let key = grouping == .run ? ["\(index)"] : parts
      if members[key] == nil { keys.append(key) }
      members[key, default: []].append(run)
    }
    let names = names(of: keys.compactMap { members[$0]?.first }, grouping: grouping)
    return zip(keys, names).compactMap { key, name in
      members[key].map { AccuracyDropGroup(name: name, runs: $0) }
    }
  }

  /// What tells groups apart: method or run, then whatever else is not the same in all.
  private func names(of runs: [AccuracyDropRun], grouping: Grouping) -> [String] {
    func differs(_ part: (AccuracyDropRun) -> String) -> Bool { Set(runs.map(part)).count > 1 }
    let showsAttribution = differs { $0.attribution ?? "" }
    let showsFill = differs(\.fill)
    let orders = Set(runs.filter { !$0.isControl }.map(\.order))
    return runs.map { run in
      var parts = [grouping == .run ? run.run : run.method]
      if showsAttribution, let attribution = run.attribution { parts.append(attribution) }
      if run.isControl || orders.count > 1 { parts.append("\(run.order) order") }
      if showsFill { parts.append("\(run.fill) fill") }
      return parts.joined(separator: ", ")
    }
  }

  /// What all runs share, in words.
  var sharedWords: String {
    func shared(_ part: (AccuracyDropRun) -> String?) -> String? {
      let values = Set(runs.map(part))
      return values.count == 1 ? values.first ?? nil : nil
    }
    let orders = Set(runs.map(\.order).filter { $0 != AccuracyDropRun.controlOrder })
    let parts = [
      shared(\.attribution).map { "\($0) maps" },
      orders.count == 1 ? orders.first.map { "\($0) order" } : nil,
      shared(\.fill).map { "\($0) fill" },
    ]
    return parts.compactMap { $0 }.joined(separator: " · ")
  }
}
