/// Memory of a thread that computes pieces of a branch, one after the other.
struct BranchMemory {
  /// How many numbers each part has room for; rounded ones take the room of floats.
  struct Extents {
    let staging: Int
    let inner: Int
    let outer: Int
    var between = 0
    let scratch: Int

    /// Floats of all parts, each of which begins at a cache line.
    var count: Int { [staging, inner, outer, between, scratch].map(Self.aligned).reduce(0, +) }

    fileprivate static func aligned(_ count: Int) -> Int { (count + 15) / 16 * 16 }
  }

  /// Room for rows as floats, before they are rounded.
  let staging: UnsafeMutablePointer<Float>
  /// What the inner map reads; on the way back the gradient of what it gives.
  private let innerStart: UnsafeMutablePointer<Float>
  /// What the outer map reads; on the way back the gradient of what it gives.
  private let outerStart: UnsafeMutablePointer<Float>
  /// On the way back the gradient of what the outer map reads.
  let between: UnsafeMutablePointer<Float>
  /// What ``BranchMiddle/scratchCount`` asks for.
  let scratch: UnsafeMutablePointer<Float>

  init(_ extents: Extents, at start: UnsafeMutablePointer<Float>) {
    staging = start
    innerStart = staging + Extents.aligned(extents.staging)
    outerStart = innerStart + Extents.aligned(extents.inner)
    between = outerStart + Extents.aligned(extents.outer)
    scratch = between + Extents.aligned(extents.between)
  }

  /// The numbers of the inner map.
  func inner<Number>(_: Number.Type) -> UnsafeMutablePointer<Number> {
    UnsafeMutableRawPointer(innerStart).assumingMemoryBound(to: Number.self)
  }

  /// The numbers of the outer map.
  func outer<Number>(_: Number.Type) -> UnsafeMutablePointer<Number> {
    UnsafeMutableRawPointer(outerStart).assumingMemoryBound(to: Number.self)
  }
}
