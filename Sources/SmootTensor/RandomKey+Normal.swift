import Foundation

extension RandomKey {
  /// A standard normal number at `index` of this stream (Box and Muller's transform of values 2 x index and 2 x index + 1).
  public func normal(at index: UInt64) -> Float {
    let radius = (-2 * log(1 - Double(uniform(at: 2 * index)))).squareRoot()
    return Float(radius * cos(2 * Double.pi * Double(uniform(at: 2 * index + 1))))
  }
}
