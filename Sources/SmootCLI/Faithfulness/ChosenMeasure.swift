import Smoot

/// A measure with its options, and those of its scores that are wanted.
struct ChosenMeasure {
  let measure: any FaithfulnessMeasure
  let scores: [ScoreDescription]

  var information: MeasureInformation { type(of: measure).information }
  var name: String { information.name }

  /// All options with the values that hold, as text.
  var resolved: [String: String] {
    Dictionary(measure.settings.map { ($0.name, $0.value) }) { first, _ in first }
  }

  /// Whether the measure's pictures have a patch whose place is known.
  var needsObjects: Bool { information.needs.contains(.objects) }

  /// Whether maps from files can be measured: those of the images as they are, and nothing else.
  var takesFiles: Bool {
    !needsObjects && !information.needs.contains(.explainer)
  }

  /// The measures of a list of names of measures and scores.
  ///
  /// - Parameters:
  ///   - text: names separated by commas, or `all`.
  ///   - hasRandomLabelModel: whether a network trained on permuted labels was given.
  ///   - settings: the options of each measure.
  /// - Throws: `MeasureError` for unknown names and options, ``CommandError`` for empty ones.
  static func parse(
    _ text: String, hasRandomLabelModel: Bool, _ settings: SettingList
  ) throws -> [ChosenMeasure] {
    let all = MeasureRegistry.measures
    let isAll = text == "all"
    let names = isAll ? all.map { $0.information.name } : try nameList("--metrics", text)
    // Each must be known, before one is left out.
    for name in names { _ = try MeasureRegistry.measure(name) }
    return try all.compactMap { type in
      let information = type.information
      let isWhole = names.contains(information.name)
      let scores = type.scores.filter { isWhole || names.contains($0.name) }
      guard !scores.isEmpty else { return nil }
      if information.needs.contains(.randomLabelModel), !hasRandomLabelModel {
        if isAll { return nil }
        throw CommandError(
          "--metrics: \(information.name) needs a run trained with --permute-labels true; give it with --random-label-model RUN",
          exitCode: 64)
      }
      let values = settings.values(of: information.name).sorted { $0.key < $1.key }
      let measure = try MeasureRegistry.measure(
        information.name,
        settings: values.map { MeasureSetting(name: $0.key, value: $0.value) })
      return ChosenMeasure(measure: measure, scores: scores)
    }
  }
}
