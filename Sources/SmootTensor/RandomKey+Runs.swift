import Foundation

extension RandomKey {
  /// Writes the first numbers of ``uniform(at:)``, each block of the generator computed once.
  package func writeUniform(_ target: UnsafeMutablePointer<Float>, count: Int) {
    var place = 0
    while place < count {
      let block = block(UInt64(place) >> 2)
      // The last block may have more values than are wanted.
      target[place] = Float(block.0 >> 8) * 0x1p-24
      if place + 1 < count { target[place + 1] = Float(block.1 >> 8) * 0x1p-24 }
      if place + 2 < count { target[place + 2] = Float(block.2 >> 8) * 0x1p-24 }
      if place + 3 < count { target[place + 3] = Float(block.3 >> 8) * 0x1p-24 }
      place += 4
    }
  }

  /// Writes the first numbers of ``normal(at:)``, each block of the generator computed once.
  package func writeNormal(_ target: UnsafeMutablePointer<Float>, count: Int) {
    func normal(_ a: UInt32, _ b: UInt32) -> Float {
      let radius = (-2 * log(1 - Double(Float(a >> 8) * 0x1p-24))).squareRoot()
      return Float(radius * cos(2 * Double.pi * Double(Float(b >> 8) * 0x1p-24)))
    }
    for place in stride(from: 0, to: count, by: 2) {
      let block = block(UInt64(place) >> 1)
      target[place] = normal(block.0, block.1)
      if place + 1 < count { target[place + 1] = normal(block.2, block.3) }
    }
  }
}
