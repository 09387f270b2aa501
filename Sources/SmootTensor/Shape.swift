/// The extent of a tensor along each of its axes.
public struct Shape: Hashable, Sendable {
  /// The extents, from the slowest axis in memory to the fastest.
  public let dimensions: [Int]

  /// Makes a shape.
  ///
  /// - Parameter dimensions: the extents, each of them zero or more.
  /// - Precondition: no extent is negative.
  public init(_ dimensions: [Int]) {
    precondition(dimensions.allSatisfy { $0 >= 0 }, "a shape has a negative extent: \(dimensions)")
    self.dimensions = dimensions
  }

  /// How many axes there are; a single number has none.
  public var rank: Int { dimensions.count }

  /// How many elements a tensor of this shape holds.
  public var count: Int { dimensions.reduce(1, *) }

  /// The extent of axis `axis`; negative numbers count from the last axis.
  public subscript(axis: Int) -> Int {
    dimensions[axis < 0 ? axis + rank : axis]
  }

  /// For each axis, how many elements lie between two neighbours along it.
  public var strides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * dimensions[axis + 1]
    }
    return strides
  }

  /// The shape that two tensors take when each is repeated along the axes where it has extent 1, as NumPy does.
  ///
  /// - Returns: the common shape, or `nil` when two extents differ and neither is 1.
  public func broadcast(with other: Shape) -> Shape? {
    let rank = max(self.rank, other.rank)
    var result = [Int](repeating: 1, count: rank)
    for back in 1...max(rank, 1) where back <= rank {
      let a = back <= self.rank ? dimensions[self.rank - back] : 1
      let b = back <= other.rank ? other.dimensions[other.rank - back] : 1
      guard a == b || a == 1 || b == 1 else { return nil }
      result[rank - back] = a == 1 ? b : a
    }
    return Shape(result)
  }
}

extension Shape: ExpressibleByArrayLiteral {
  /// Makes a shape from its extents, as in `[batch, channels, height, width]`.
  public init(arrayLiteral elements: Int...) { self.init(elements) }
}

extension Shape: CustomStringConvertible {
  /// The extents, as in `[256, 1, 28, 28]`.
  public var description: String { "[" + dimensions.map(String.init).joined(separator: ", ") + "]" }
}
