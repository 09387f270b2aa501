public import SmootTensor

/// A number, or several, that says how far a map can be trusted.
///
/// A measure is a value with defaulted options. It finds the scores of each image by itself, so that a data set can be measured in any pieces, in any order, and by any number of
/// threads, with the same result; ``ScoreSummary`` puts them together. Only where a BLAS does the products, on processors without vector kernels, the last bits may differ.
public protocol FaithfulnessMeasure: Sendable {
  /// What the measure is.
  static var information: MeasureInformation { get }

  /// The options, in the order of their description.
  static var options: [MeasureOption<Self>] { get }

  /// The scores that it finds, the most important first.
  static var scores: [ScoreDescription] { get }

  /// Makes the measure with its default options.
  init()

  /// What it costs for one image.
  func cost(for size: ImageSize) -> MeasureCost

  /// Measures the maps of a batch.
  ///
  /// - Parameters:
  ///   - explanation: the maps, and what further ones can be made with.
  ///   - batch: the images, their classes and the network.
  /// - Throws: ``MeasureError``, or what the explainer throws.
  func measure(_ explanation: Explanation, of batch: EvaluationBatch) throws -> BatchScores
}

extension FaithfulnessMeasure {
  /// The options as they are: everything that changes the numbers, to print and to save.
  public var settings: [MeasureSetting] {
    Self.options.map { MeasureSetting(name: $0.name, value: $0.read(self)) }
  }

  /// Sets an option from its text.
  ///
  /// - Throws: ``MeasureError`` when there is no such option, or its text has no meaning.
  public mutating func set(_ name: String, to text: String) throws(MeasureError) {
    guard let option = Self.options.first(where: { $0.name == name }) else {
      throw .unknownOption(
        measure: Self.information.name, option: name, known: Self.options.map(\.name))
    }
    guard option.assign(&self, text) else {
      throw .badValue(
        measure: Self.information.name, option: name, expected: option.expected, found: text)
    }
  }

  /// What was given for a need.
  func required<Value>(_ need: MeasureNeed, _ value: Value?) throws(MeasureError) -> Value {
    guard let value else { throw .missing(measure: Self.information.name, need: need) }
    return value
  }
}
