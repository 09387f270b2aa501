/// The values that black and white have in each channel after normalization.
public struct PixelRange: Sendable, Equatable {
  /// The lowest value of each channel.
  public let low: [Float]
  /// The highest value of each channel.
  public let high: [Float]

  /// Makes a range.
  ///
  /// - Precondition: there are as many lowest as highest values.
  public init(low: [Float], high: [Float]) {
    precondition(low.count == high.count, "\(low) and \(high) are not for the same channels")
    self.low = low
    self.high = high
  }
}
