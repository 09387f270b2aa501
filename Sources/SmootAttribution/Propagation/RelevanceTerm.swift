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

/// One product of a part of the input and a part of the weights, plus perhaps a part of the bias.
struct RelevanceTerm {
  var input: RelevancePart
  var weight: RelevancePart
  /// `nil` for none.
  var bias: RelevancePart?
  var sign: Float = 1
}

/// Terms that have their denominator in common.
struct RelevanceGroup {
  /// For which outputs relevance is shared out.
  enum Gate: Equatable { case all, positiveOutputs, negativeOutputs }

  var terms: [RelevanceTerm]
  var coefficient: Float = 1
  var gate = Gate.all
}

extension RelevanceRule {
  /// The rule in parts.
  var groups: [RelevanceGroup] {
    func group(_ terms: [(RelevancePart, RelevancePart, RelevancePart?)]) -> RelevanceGroup {
      RelevanceGroup(terms: terms.map { RelevanceTerm(input: $0, weight: $1, bias: $2) })
    }
    let positive = group([(.positive, .positive, .positive), (.negative, .negative, nil)])
    switch self {
    case .epsilon: return [group([(.all, .all, .all)])]
    case .zPlus: return [positive]
    case .alphaBeta(let alpha, let beta):
      var parts = [
        positive, group([(.positive, .negative, .negative), (.negative, .positive, nil)]),
      ]
      parts[0].coefficient = alpha
      parts[1].coefficient = -beta
      return beta == 0 ? [parts[0]] : parts
    case .gamma(let gamma):
      let (up, down) = (RelevancePart.raisedPositive(gamma), RelevancePart.raisedNegative(gamma))
      var parts = [
        group([(.positive, up, up), (.negative, down, nil)]),
        group([(.positive, down, down), (.negative, up, nil)]),
      ]
      parts[0].gate = .positiveOutputs
      parts[1].gate = .negativeOutputs
      return parts
    case .box:
      var box = group([
        (.all, .all, .all), (.low, .positive, .positive), (.high, .negative, .negative),
      ])
      box.terms[1].sign = -1
      box.terms[2].sign = -1
      return [box]
    case .wSquare: return [group([(.ones, .squared, .squared)])]
    case .flat: return [group([(.ones, .ones, nil)])]
    case .captumGamma(let gamma): return [group([(.all, .raisedPositive(gamma), .all)])]
    case .captumAlpha1Beta0: return [group([(.all, .positive, .all)])]
    }
  }
}
