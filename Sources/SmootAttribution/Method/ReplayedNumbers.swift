import SmootTensor

/// Numbers that a reference drew, to be used instead of own draws.
///
/// A tensor cannot be part of a value that goes from thread to thread; its numbers can.
struct ReplayedNumbers: Sendable, Equatable {
  let values: [Float]
  let shape: [Int]

  init(_ tensor: Tensor) {
    values = tensor.scalars
    shape = tensor.shape.dimensions
  }

  var tensor: Tensor { Tensor(values, shape: Shape(shape)) }

  /// The numbers of one image.
  ///
  /// - Parameters:
  ///   - place: of the image in the batch.
  ///   - expected: the shape of one image, beginning with 1.
  ///   - what: what the numbers are, for the error.
  func row(_ place: Int, shape expected: Shape, _ what: String) throws(AttributionError) -> Tensor {
    let wanted = Array(expected.dimensions.dropFirst())
    guard Array(shape.dropFirst()) == wanted, place < shape.first ?? 0 else {
      throw .badData(
        "\(what) has shape \(Shape(shape)), expected one of shape \(Shape(wanted)) for image \(place)"
      )
    }
    let count = expected.count
    return Tensor(Array(values[place * count..<(place + 1) * count]), shape: expected)
  }
}
