import SmootAutodiff
import SmootNN
import SmootTensor

/// The way of relevance back through a transformer by the rules of Chefer, Gur and Wolf, 2021, section 3.2, and their code.
///
/// Linear maps share relevance out in proportion to what is positive, without their biases; products of matrices give half to each factor, in proportion to its contributions; at a
/// residual connection each branch's share of an image's relevance is its share of the magnitudes of both branches' sums; activations, softmax and layer normalization pass it on.
struct AttentionPropagation {
  private let pass: RecordedPass
  private let method: String
  /// Keeps denominators away from zero; the authors'.
  private let stabilizer: Float = 1e-9

  init(_ pass: RecordedPass, method: String) {
    self.pass = pass
    self.method = method
  }

  /// The relevance that arrives at variables of the pass when the explained classes begin with 1.
  func relevances(_ targets: [Int32], at variables: [Variable]) throws(AttributionError) -> [Tensor]
  {
    let start = RelevanceStart.oneHot.relevance(of: pass.logits.value, targets: targets)
    return try pass.propagated(from: pass.logits, seed: start, to: variables, rule: shared)
  }

  private func shared(_ step: BackwardStep) throws(AttributionError) -> [Tensor?]? {
    switch step.operation {
    case is any Rearrangement: return nil
    case let operation as any WeightedOperation:
      let relevance = WeightedLayer(step, operation, norm: nil).relevance(
        step.gradient, .zPlusWithoutBias, stabilizer: stabilizer, nil, step)
      return [relevance, nil, nil]
    case is MatrixProduct:
      let seed = step.gradient.divided(by: step.output, stabilizer: stabilizer)
      let shares = step.operation.backward(seed, needs: step.needs)
      return zip(step.inputs, shares).map { input, share in share.map { input * $0 * 0.5 } }
    case is LayerNormalization: return [step.gradient, nil, nil]
    case is Softmax, is Scaling: return [step.gradient]
    case let activation as Pointwise where activation.name == "gelu": return [step.gradient]
    case let sum as Addition where sum.left == sum.right: return added(step)
    default:
      throw pass.unsuited(
        method, step, "there is no rule that shares its relevance out among its inputs")
    }
  }

  /// The relevance of both branches of a residual connection, image by image.
  private func added(_ step: BackwardStep) -> [Tensor?] {
    let seed = step.gradient.divided(by: step.output, stabilizer: stabilizer)
    let shares = step.inputs.map { $0 * seed }
    let images = pass.logits.shape[0]
    let sums = (shares + [step.gradient]).map { $0.sums(of: images) }
    return shares.enumerated().map { branch, share in
      guard step.needs[branch] else { return nil }
      let factors = (0..<images).map { image -> Double in
        let (own, all) = (sums[branch][image], abs(sums[0][image]) + abs(sums[1][image]))
        return own == 0 ? 0 : abs(own) / all * sums[2][image] / own
      }
      return share.multiplied(by: factors)
    }
  }
}

extension Tensor {
  /// The sum of each of as many consecutive parts as there are images.
  fileprivate func sums(of images: Int) -> [Double] {
    let count = self.count / max(1, images)
    return withUnsafeElements { elements in
      (0..<images).map { image in
        elements[image * count..<(image + 1) * count].reduce(0) { $0 + Double($1) }
      }
    }
  }

  /// Each of as many consecutive parts as there are factors, times its factor.
  fileprivate func multiplied(by factors: [Double]) -> Tensor {
    let parts = Tensor(factors.map { Float($0) }, shape: [factors.count, 1])
    return (reshaped(to: [factors.count, count / max(1, factors.count)]) * parts)
      .reshaped(to: shape)
  }
}
