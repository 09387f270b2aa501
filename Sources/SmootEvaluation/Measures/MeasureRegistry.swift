/// All measures, by their names and by those of their scores.
public enum MeasureRegistry {
  /// The measures in the order of lists and tables.
  public static let measures: [any FaithfulnessMeasure.Type] = [
    AccuracyDropMeasure.self, InsertionDeletion.self, ROAD.self, PixelFlipping.self,
    ConfidenceChange.self, Infidelity.self, CompletenessError.self, MaxSensitivity.self,
    Localization.self, ParameterRandomization.self, LabelRandomization.self, MapComplexity.self,
  ]

  /// The scores of all measures.
  public static var scores: [ScoreDescription] { measures.flatMap { $0.scores } }

  /// The measure of a name, or the one that finds the score of a name, with its default options.
  ///
  /// - Throws: ``MeasureError/unknown(name:known:)``.
  public static func measure(_ name: String) throws(MeasureError) -> any FaithfulnessMeasure {
    let type =
      measures.first { $0.information.name == name }
      ?? measures.first { $0.scores.contains { $0.name == name } }
    guard let type else {
      var known = measures.map { $0.information.name }
      for score in scores where !known.contains(score.name) { known.append(score.name) }
      throw .unknown(name: name, known: known)
    }
    return type.init()
  }

  /// The measure of a name with some options, as ``FaithfulnessMeasure/set(_:to:)`` takes them.
  public static func measure(
    _ name: String, settings: [MeasureSetting]
  ) throws(MeasureError) -> any FaithfulnessMeasure {
    var measure = try measure(name)
    for setting in settings { try measure.set(setting.name, to: setting.value) }
    return measure
  }
}
