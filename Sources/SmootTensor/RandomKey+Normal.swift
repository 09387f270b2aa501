import Foundation

extension RandomKey {
  /// A standard normal number at `index` of this stream (Box and Muller's transform of values 2 x index and 2 x index + 1).
  public func normal(at index: UInt64) -> Float {
    Self.normal(uniform(at: 2 * index), uniform(at: 2 * index + 1))
  }

  /// Calls a function with the first `count` numbers of ``normal(at:)``, two of which come from one block of the generator.
  package func forEachNormal(_ count: Int, _ body: (_ index: Int, _ value: Float) -> Void) {
    for place in stride(from: 0, to: count, by: 2) {
      let block = block(UInt64(place) >> 1)
      body(place, Self.normal(Self.uniform(block.0), Self.uniform(block.1)))
      if place + 1 < count {
        body(place + 1, Self.normal(Self.uniform(block.2), Self.uniform(block.3)))
      }
    }
  }

  /// Writes the first numbers of ``normal(at:)``.
  package func writeNormal(_ target: UnsafeMutablePointer<Float>, count: Int) {
    forEachNormal(count) { target[$0] = $1 }
  }

  private static func normal(_ first: Float, _ second: Float) -> Float {
    let radius = (-2 * log(1 - Double(first))).squareRoot()
    return Float(radius * cos(2 * Double.pi * Double(second)))
  }
}
