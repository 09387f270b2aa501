public import SmootTensor

/// How the numbers of a new parameter are drawn.
public enum Initializer: Sendable {
  /// The same number everywhere.
  case constant(Float)
  /// Uniform in [-1/sqrt(fanIn), 1/sqrt(fanIn)).
  ///
  /// This is what PyTorch's `nn.Linear` and `nn.Conv2d` use for weights (Kaiming uniform with a = sqrt(5), which comes to the same) and for biases.
  case uniformFanIn(Int)
  /// Normal with mean 0 and the given standard deviation.
  case normal(standardDeviation: Float)
  /// Normal with mean 0 and the given standard deviation, drawn again where it lies more than two of them away.
  case truncatedNormal(standardDeviation: Float)

  /// A new tensor; its numbers depend on the key alone.
  public func callAsFunction(_ shape: Shape, _ key: RandomKey) -> Tensor {
    switch self {
    case .constant(let value): return Tensor(repeating: value, shape: shape)
    case .uniformFanIn(let fanIn):
      let bound = 1 / Float(max(1, fanIn)).squareRoot()
      return Self.drawn(shape) { (2 * key.uniform(at: UInt64($0)) - 1) * bound }
    case .normal(let deviation):
      return Self.drawn(shape) { deviation * key.normal(at: UInt64($0)) }
    case .truncatedNormal(let deviation):
      return Self.drawn(shape) { deviation * Self.truncatedNormal(key.derived($0)) }
    }
  }

  private static func drawn(_ shape: Shape, _ value: (Int) -> Float) -> Tensor {
    Tensor(uninitialized: shape) { target in
      parallelRanges(shape.count, grain: 4096) { range in
        for index in range { target[index] = value(index) }
      }
    }
  }

  private static func truncatedNormal(_ key: RandomKey) -> Float {
    var attempt: UInt64 = 0
    while true {
      let value = key.normal(at: attempt)
      if abs(value) <= 2 { return value }
      attempt += 1
    }
  }
}
