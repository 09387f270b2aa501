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

  /// The numbers of one image.
  ///
  /// - Parameters:
  ///   - place: of the image in the batch.
  ///   - expected: the shape of one image, beginning with 1.
  ///   - what: what the numbers are, for the error.
  func row(_ place: Int, shape expected: Shape, _ what: String) throws(AttributionError) -> Tensor {
    let wanted = Array(expected.dimensions.dropFirst())
    guard Array(shape.dimensions.dropFirst()) == wanted, place < shape.dimensions.first ?? 0 else {
      throw .badData(
        "\(what) has shape \(shape), expected one of shape \(Shape(wanted)) for image \(place)")
    }
    let count = expected.count
    return Tensor(Array(scalars[place * count..<(place + 1) * count]), shape: expected)
  }
}
