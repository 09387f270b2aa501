/// What a method takes from its context that not every context has.
public struct ContextNeeds: OptionSet, Sendable {
  /// The bits.
  public let rawValue: Int

  /// Makes a set of bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Images to compare with, ``AttributionContext/references``.
  public static let references = ContextNeeds(rawValue: 1)
  /// The values of black and white, ``AttributionContext/pixelRange``.
  public static let pixelRange = ContextNeeds(rawValue: 2)
}
