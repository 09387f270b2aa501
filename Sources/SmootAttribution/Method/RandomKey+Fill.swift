import Foundation
package import SmootTensor

extension RandomKey {
  /// Calls a function with the first `count` numbers of ``RandomKey/normal(at:)``, two of which come from one block.
  package func forEachNormal(_ count: Int, _ body: (_ index: Int, _ value: Float) -> Void) {
    for pair in 0..<(count + 1) / 2 {
      let block = block(UInt64(pair))
      body(2 * pair, Self.normal(block.0, block.1))
      if 2 * pair + 1 < count { body(2 * pair + 1, Self.normal(block.2, block.3)) }
    }
  }

  private static func normal(_ first: UInt32, _ second: UInt32) -> Float {
    let radius = (-2 * log(1 - Double(first >> 8) * 0x1p-24)).squareRoot()
    return Float(radius * cos(2 * Double.pi * Double(second >> 8) * 0x1p-24))
  }
}
