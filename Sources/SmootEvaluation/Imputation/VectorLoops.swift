/// Loops over runs of numbers, eight at a time, in a fixed order.
///
/// All runs have room for a multiple of eight numbers behind the last one, which holds zeros.
enum VectorLoops {
  typealias Floats = UnsafeMutablePointer<Float>
  typealias Doubles = UnsafeMutablePointer<Double>
  typealias Eight = SIMD8<Float>
  typealias Wide = SIMD8<Double>

  /// Calls a function with every eighth index of `range`.
  @inline(__always)
  static func byEights(_ range: Range<Int>, _ body: (Int) -> Void) {
    var index = range.lowerBound
    while index < range.upperBound {
      body(index)
      index &+= 8
    }
  }

  @inline(__always)
  static func load(_ run: Floats, _ index: Int) -> Eight {
    UnsafeRawPointer(run + index).loadUnaligned(as: Eight.self)
  }

  @inline(__always)
  static func load(_ run: Doubles, _ index: Int) -> Wide {
    UnsafeRawPointer(run + index).loadUnaligned(as: Wide.self)
  }

  @inline(__always)
  static func store(_ values: Eight, _ run: Floats, _ index: Int) {
    UnsafeMutableRawPointer(run + index).storeBytes(of: values, as: Eight.self)
  }

  @inline(__always)
  static func store(_ values: Wide, _ run: Doubles, _ index: Int) {
    UnsafeMutableRawPointer(run + index).storeBytes(of: values, as: Wide.self)
  }
}
