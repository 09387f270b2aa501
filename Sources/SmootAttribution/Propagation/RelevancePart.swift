import SmootTensor

/// A part of a tensor that a rule of relevance propagation reads.
enum RelevancePart: Equatable {
  case all, positive, negative, squared, ones, low, high
  /// All, with `gamma` times the positive part on top.
  case raisedPositive(Float)
  /// All, with `gamma` times the negative part on top.
  case raisedNegative(Float)

  /// The part of a tensor.
  ///
  /// - Parameter range: the values of black and white in each channel, the last axis.
  func callAsFunction(_ tensor: Tensor, _ range: PixelRange?) -> Tensor {
    switch self {
    case .all: tensor
    case .positive: tensor.mapped { max($0, 0) }
    case .negative: tensor.mapped { min($0, 0) }
    case .squared: tensor.mapped { $0 * $0 }
    case .ones: Tensor(repeating: 1, shape: tensor.shape)
    case .raisedPositive(let gamma): tensor.mapped { $0 + gamma * max($0, 0) }
    case .raisedNegative(let gamma): tensor.mapped { $0 + gamma * min($0, 0) }
    case .low: Self.image(range?.low ?? [], tensor.shape)
    case .high: Self.image(range?.high ?? [], tensor.shape)
    }
  }

  private static func image(_ values: [Float], _ shape: Shape) -> Tensor {
    Tensor(values, shape: [values.count]).broadcast(to: shape)
  }
}
