import SmootAutodiff
import SmootTensor

/// A linear map with a bias as it was applied, batch normalization behind it merged into it.
struct WeightedLayer {
  let operation: any WeightedOperation
  let input: Tensor
  let weight: Tensor
  let bias: Tensor?
  let output: Tensor
  /// What each output channel was multiplied with by a normalization.
  private let factor: Tensor?

  /// The layer of a step.
  ///
  /// - Parameters:
  ///   - step: whose operation it is.
  ///   - operation: the operation.
  ///   - norm: the step of the batch normalization that followed, if one did.
  init(_ step: BackwardStep, _ operation: any WeightedOperation, norm: BackwardStep?) {
    self.operation = operation
    input = step.inputs[0]
    guard let norm, let normalization = norm.operation as? BatchNormalization else {
      weight = step.inputs[1]
      bias = step.inputs.count > 2 ? step.inputs[2] : nil
      output = step.output
      factor = nil
      return
    }
    let factor = normalization.factor
    self.factor = factor
    weight = step.inputs[1] * factor  // [..., output channels]
    let shift = step.inputs.count > 2 ? step.inputs[2] - normalization.mean : -normalization.mean
    bias = shift * factor + norm.inputs[2]
    output = norm.output
  }

  /// What a rule makes of the relevance of the output.
  ///
  /// - Parameters:
  ///   - relevance: of the output.
  ///   - rule: the rule.
  ///   - stabilizer: keeps denominators away from zero.
  ///   - range: the values of black and white, for rules that need them.
  ///   - step: where the operation stands.
  func relevance(
    _ relevance: Tensor, _ rule: RelevanceRule, stabilizer: Float, _ range: PixelRange?,
    _ step: BackwardStep
  ) -> Tensor {
    if case .epsilon(let epsilon) = rule {
      var seed = relevance.divided(by: output, stabilizer: epsilon)
      if let factor { seed = seed * factor }
      return input * (operation.backward(seed, needs: step.needs)[0] ?? .zeros(input.shape))
    }
    var result: Tensor?
    for group in rule.groups {
      let shared = share(relevance, of: group, stabilizer, range)
      if result == nil { result = shared } else { result?.add(shared) }
    }
    return result ?? .zeros(input.shape)
  }

  private func share(
    _ relevance: Tensor, of group: RelevanceGroup, _ stabilizer: Float, _ range: PixelRange?
  ) -> Tensor {
    let tape = Tape()
    let applied = group.terms.map { term in
      let input = tape.variable(term.input(input, range))
      let product = operation.applied(
        to: input, weight: Variable(term.weight(weight, range)),
        bias: term.bias.flatMap { part in bias.map { Variable(part($0, range)) } })
      return (input: input, product: product, sign: term.sign)
    }
    var sum = applied[0].product.value
    for (_, product, sign) in applied.dropFirst() {
      sum.add(sign == 1 ? product.value : product.value * sign)
    }
    let seed = group.gated(relevance, output).divided(by: sum, stabilizer: stabilizer)
    var result: Tensor?
    for (input, product, sign) in applied {
      let gradient = tape.gradients(of: product, seed: seed, withRespectTo: [input])[0]
      let factor = sign * group.coefficient
      let shared = Tensor.combined(input.value, gradient) { $0 * $1 * factor }
      if result == nil { result = shared } else { result?.add(shared) }
    }
    return result ?? .zeros(input.shape)
  }
}

extension RelevanceGroup {
  /// The relevance of the outputs that the group is for.
  fileprivate func gated(_ relevance: Tensor, _ output: Tensor) -> Tensor {
    switch gate {
    case .all: relevance
    case .positiveOutputs: .combined(relevance, output) { $1 > 0 ? $0 : 0 }
    case .negativeOutputs: .combined(relevance, output) { $1 < 0 ? $0 : 0 }
    }
  }
}

extension Tensor {
  /// The quotient, whose denominator is moved away from zero by `stabilizer`; zero counts as positive.
  func divided(by denominator: Tensor, stabilizer: Float) -> Tensor {
    .combined(self, denominator) { $0 / ($1 + ($1 < 0 ? -stabilizer : stabilizer)) }
  }
}
