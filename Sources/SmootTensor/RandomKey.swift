/// The name of a stream of random numbers.
///
/// Value `i` of a stream depends on the key and on `i` alone: there is no state to carry along or to save, and parts of a stream can be made by any
/// thread in any order. Keys are derived from one another by naming what the numbers are for, as in `RandomKey(seed: 1).derived("dropout1").derived(step)`.
///
/// The generator is Philox4x32-10 (Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3, SC 2011).
public struct RandomKey: Hashable, Sendable {
  /// The generator's key: the seed.
  public let key: UInt64
  /// The upper half of the generator's counter: what the numbers are for.
  public let stream: UInt64

  private init(key: UInt64, stream: UInt64) {
    self.key = key
    self.stream = stream
  }

  /// The key of a seed, from which all others of a run derive.
  public init(seed: UInt64) { self.init(key: seed, stream: 0) }

  /// The key for the purpose that `value` numbers, such as an epoch or a step.
  public func derived(_ value: UInt64) -> RandomKey {
    RandomKey(key: key, stream: Self.mixed(Self.mixed(stream &+ 0x9e37_79b9_7f4a_7c15) ^ value))
  }

  /// The key for the purpose that `value` numbers.
  public func derived(_ value: Int) -> RandomKey { derived(UInt64(bitPattern: Int64(value))) }

  /// The key for the purpose that `name` names, such as a layer.
  public func derived(_ name: String) -> RandomKey {
    // FNV-1a over the name's bytes.
    derived(name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 })
  }

  /// A bijection that spreads every input bit over all output bits (SplitMix64's finalizer).
  private static func mixed(_ value: UInt64) -> UInt64 {
    var x = value
    x = (x ^ (x >> 30)) &* 0xbf58_476d_1ce4_e5b9
    x = (x ^ (x >> 27)) &* 0x94d0_49bb_1331_11eb
    return x ^ (x >> 31)
  }

  /// The four 32-bit values of block `index` of this stream.
  public func block(_ index: UInt64) -> (UInt32, UInt32, UInt32, UInt32) {
    var (c0, c1) = (UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32))
    var (c2, c3) = (UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32))
    var (k0, k1) = (UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32))
    for _ in 0..<10 {
      let p0 = UInt64(c0) * 0xd251_1f53
      let p1 = UInt64(c2) * 0xcd9e_8d57
      (c0, c1, c2, c3) = (
        UInt32(truncatingIfNeeded: p1 >> 32) ^ c1 ^ k0, UInt32(truncatingIfNeeded: p1),
        UInt32(truncatingIfNeeded: p0 >> 32) ^ c3 ^ k1, UInt32(truncatingIfNeeded: p0)
      )
      k0 &+= 0x9e37_79b9
      k1 &+= 0xbb67_ae85
    }
    return (c0, c1, c2, c3)
  }

  /// The 32-bit value at `index` of this stream.
  public func value(at index: UInt64) -> UInt32 {
    let block = block(index >> 2)
    switch index & 3 {
    case 0: return block.0
    case 1: return block.1
    case 2: return block.2
    default: return block.3
    }
  }

  /// The number in [0, 1) at `index` of this stream, a multiple of 2^-24.
  public func uniform(at index: UInt64) -> Float {
    Self.uniform(value(at: index))
  }

  /// The number in [0, 1) that 32 random bits stand for.
  static func uniform(_ bits: UInt32) -> Float { Float(bits >> 8) * 0x1p-24 }

  /// Writes the first numbers of ``uniform(at:)``, each block of the generator computed once.
  package func writeUniform(_ target: UnsafeMutablePointer<Float>, count: Int) {
    for place in stride(from: 0, to: count, by: 4) {
      let block = block(UInt64(place) >> 2)
      // The last block may have more values than are wanted.
      target[place] = Self.uniform(block.0)
      if place + 1 < count { target[place + 1] = Self.uniform(block.1) }
      if place + 2 < count { target[place + 2] = Self.uniform(block.2) }
      if place + 3 < count { target[place + 3] = Self.uniform(block.3) }
    }
  }

  /// An integer in `0..<bound` at `index` of this stream, by multiplication of a 64-bit value (bias below 2^-32 for bounds below 2^32).
  ///
  /// - Precondition: `bound` is at least 1.
  public func integer(below bound: Int, at index: UInt64) -> Int {
    precondition(bound > 0, "there is no integer in 0..<\(bound)")
    let block = block(index)
    let bits = UInt64(block.0) | UInt64(block.1) << 32
    return Int(bits.multipliedFullWidth(by: UInt64(bound)).high)
  }
}
