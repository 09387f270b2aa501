import Smoot

/// What attribution methods need besides images and a network.
struct Surroundings {
  /// Where a method compares with them.
  let references: ReferenceImages?
  /// The values that black and white have after normalization.
  let pixelRange: PixelRange

  /// The context in which methods explain; each adds its score and the numbers of its images.
  func context(seed: UInt64, pieceSize: Int) -> AttributionContext {
    AttributionContext(
      seed: seed, pieceSize: pieceSize, references: references?.images, pixelRange: pixelRange)
  }

  /// Adds what the maps of a method depend on.
  func add(_ needs: ContextNeeds, to key: inout JobKey) {
    if needs.contains(.references), let references { key.add(references.images.scalars) }
    if needs.contains(.pixelRange) { key.add(pixelRange.low + pixelRange.high) }
  }
}

extension PixelRange {
  /// The values of black and white under a normalization.
  init(_ normalization: Normalization) {
    let channels = zip(normalization.mean, normalization.standardDeviation)
    self.init(low: channels.map { -$0 / $1 }, high: channels.map { (1 - $0) / $1 })
  }

  /// For people: both values of each channel.
  var text: String {
    zip(low, high).map { "\($0.0) to \($0.1)" }.joined(separator: ", ")
  }
}
