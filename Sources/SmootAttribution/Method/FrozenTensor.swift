public import SmootTensor

/// The numbers of a tensor, to be kept in options and sent between threads: draws to be replayed, reference images.
public struct FrozenTensor: Sendable, Equatable {
  /// The extents.
  public let shape: Shape
  /// The numbers, the last axis fastest.
  public let scalars: [Float]

  /// Keeps the numbers of a tensor.
  public init(_ tensor: Tensor) {
    shape = tensor.shape
    scalars = tensor.scalars
  }

  /// The numbers as a tensor.
  public var tensor: Tensor { Tensor(scalars, shape: shape) }
}
