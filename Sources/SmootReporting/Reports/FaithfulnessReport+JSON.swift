public import Foundation

extension FaithfulnessReport {
  private enum CodingKeys: CodingKey {
    case conditions, runs, methods, controls, scores, entries, times, curves
  }

  /// Reads a report and checks its curves; a report without curves has none.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      conditions: try container.decode([String: String].self, forKey: .conditions),
      runs: try container.decode([String].self, forKey: .runs),
      methods: try container.decode([String].self, forKey: .methods),
      controls: try container.decode([String].self, forKey: .controls),
      scores: try container.decode([Score].self, forKey: .scores),
      entries: try container.decode([Entry].self, forKey: .entries),
      times: try container.decode([Time].self, forKey: .times),
      curves: try container.decodeIfPresent([Curve].self, forKey: .curves) ?? [])
    for curve in curves { try curve.validate() }
  }

  /// Reads a report from its JSON form.
  ///
  /// - Parameters:
  ///   - json: the file's contents.
  ///   - name: what the file is called in errors.
  /// - Throws: ``ReportingError`` of kind `badData`.
  public init(json: Data, name: String = "JSON data") throws {
    do {
      self = try JSONDecoder().decode(FaithfulnessReport.self, from: json)
    } catch let error as ReportingError {
      throw ReportingError(.badData, "\(name): \(error)")
    } catch let error as DecodingError {
      throw ReportingError(.badData, "\(name): \(error.line("a report of measures"))")
    }
  }
}
