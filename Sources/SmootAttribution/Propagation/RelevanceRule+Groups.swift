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
    case .zPlusWithoutBias:
      return [group([(.positive, .positive, nil), (.negative, .negative, nil)])]
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
