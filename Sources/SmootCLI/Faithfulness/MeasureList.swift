import Smoot

/// The measures of the registry, for people and programs.
struct MeasureList: Encodable {
  struct Score: Encodable {
    let name: String
    let title: String
    let better: String
  }

  struct Option: Encodable {
    let name: String
    let usual: String
    let expected: String
    let summary: String
  }

  struct Entry: Encodable {
    let name: String
    let title: String
    let summary: String
    let source: String
    /// For an image of 1x28x28.
    let cost: String
    let needs: [String]
    let scores: [Score]
    let options: [Option]
  }

  let measures: [Entry]

  /// All measures, or some.
  ///
  /// - Parameter names: names of measures or of their scores; all when `nil`.
  init(only names: [String]? = nil) {
    measures = MeasureRegistry.measures.filter { type in
      guard let names else { return true }
      return names.contains(type.information.name)
        || type.scores.contains { names.contains($0.name) }
    }.map { Self.entry($0.init()) }
  }

  private static func entry<Measure: FaithfulnessMeasure>(_ measure: Measure) -> Entry {
    let information = Measure.information
    let usual = Dictionary(measure.settings.map { ($0.name, $0.value) }) { first, _ in first }
    return Entry(
      name: information.name, title: information.title, summary: information.summary,
      source: information.source,
      cost: measure.cost(for: ImageSize(channels: 1, height: 28, width: 28)).description,
      needs: information.needs.map(\.rawValue),
      scores: Measure.scores.map {
        Score(name: $0.name, title: $0.title, better: $0.direction.rawValue)
      },
      options: Measure.options.map {
        Option(
          // The job's seed holds for a measure that is given none.
          name: $0.name, usual: $0.name == "seed" ? "--seed" : usual[$0.name] ?? "",
          expected: $0.expected, summary: $0.summary)
      })
  }

  /// A line on each score.
  func table() -> Table {
    var table = Table(columns: [
      .init("measure"), .init("score"), .init("better"), .init("cost of an image of 1x28x28"),
      .init("what it measures"),
    ])
    for measure in measures {
      for (place, score) in measure.scores.enumerated() {
        let isFirst = place == 0
        table.append([
          .text(isFirst ? measure.name : ""), .text(score.name),
          .text(score.better == "lower" ? "↓ lower" : "↑ higher"),
          .text(isFirst ? measure.cost : ""), .text(isFirst ? measure.summary : ""),
        ])
      }
    }
    return table
  }

  /// A line on each option.
  func optionTable() -> Table {
    var table = Table(columns: [
      .init("option"), .init("default"), .init("expected"), .init("what it decides"),
    ])
    for measure in measures {
      for option in measure.options {
        table.append([
          .text("\(measure.name).\(option.name)"), .text(option.usual), .text(option.expected),
          .text(option.summary),
        ])
      }
    }
    return table
  }
}
