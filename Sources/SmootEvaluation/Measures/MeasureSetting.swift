/// An option of a measure and its value, as text.
public struct MeasureSetting: Sendable, Hashable, Codable {
  /// The option's name.
  public let name: String
  /// Its value, as ``FaithfulnessMeasure/set(_:to:)`` takes it.
  public let value: String

  /// Pairs a name with a value.
  public init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}
