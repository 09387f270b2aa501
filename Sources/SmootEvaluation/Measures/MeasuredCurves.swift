/// The curve of each of some images over the same places.
public struct MeasuredCurves: Sendable, Codable, Equatable {
  /// Where the curves are measured.
  public enum Places: Sendable, Codable, Equatable {
    /// At shares of the image's pixels or values, from 0 to 1.
    case shares([Double])
    /// At layers of the network.
    case layers([String])

    /// How many there are.
    public var count: Int {
      switch self {
      case .shares(let shares): shares.count
      case .layers(let layers): layers.count
      }
    }
  }

  /// Where the curves are measured.
  public let places: Places
  /// For each image the value at each place; `nil` where it is not defined or not finite.
  public let values: [[Double?]]

  /// Gathers curves.
  public init(places: Places, values: [[Double?]]) {
    precondition(
      values.allSatisfy { $0.count == places.count }, "a curve of another length than \(places)")
    self.places = places
    self.values = values.map { $0.map(\.finite) }
  }
}
