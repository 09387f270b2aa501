import SmootAutodiff
import SmootNN
import SmootTensor

/// DeepLIFT's rescale rule: an activation passes on the ratio of the differences of its output and its input from those for a baseline, in place of its slope.
struct RescaleRule {
  private let pass: RecordedPass
  private let reference: ReferencePass
  private let method: String
  private let score: ScoreKind
  /// Differences of an input below this one count as none, and the slope is taken; Captum's.
  private let smallest: Float = 1e-10

  init(_ pass: RecordedPass, _ reference: ReferencePass, _ method: String, _ score: ScoreKind) {
    self.pass = pass
    self.reference = reference
    self.method = method
    self.score = score
  }

  /// What each input's difference is multiplied with, and the differences of the logits.
  func multipliers(
    _ targets: [Int32]
  ) throws(AttributionError) -> (multipliers: Tensor, differences: [Float]) {
    try pass.requireLogit(score, method)
    let maps = try pass.propagated(
      from: pass.logits, seed: pass.seed(targets) { _, _ in 1 }, to: [pass.input], rule: multiply)
    let (own, theirs, classes) = (
      pass.logits.value.scalars, reference.logits.scalars, pass.logits.shape[1]
    )
    let differences = targets.enumerated().map { image, target in
      let place = image * classes + Int(target)
      return own[place] - theirs[place % theirs.count]
    }
    return (maps[0], differences)
  }

  private func multiply(_ step: BackwardStep) throws(AttributionError) -> [Tensor?]? {
    switch step.operation {
    case is any AffineOperation: return nil
    case is ReLU: return [rescaled(step)]
    case let activation as Pointwise where ["gelu", "tanh", "sigmoid"].contains(activation.name):
      return [rescaled(step)]
    case is MaxPool: return [try pooled(step)]
    default:
      throw pass.unsuited(method, step, "its rescale rule is for activations of one number")
    }
  }

  private func rescaled(_ step: BackwardStep) -> Tensor {
    let (_, input, output) = reference.record(step)
    let slopes = step.gradients()[0] ?? .zeros(step.inputs[0].shape)
    let (count, total) = (input.count, slopes.count)
    return Tensor(uninitialized: slopes.shape) { target in
      withPointers(step.inputs[0], step.output, input, output) { x, y, x0, y0 in
        withPointers(step.gradient, slopes) { gradient, slopes in
          parallelRanges(total, grain: 16384) { range in
            for index in range {
              let shared = index % count
              let difference = x[index] - x0[shared]
              target[index] =
                abs(difference) < smallest
                ? slopes[index] : gradient[index] * (y[index] - y0[shared]) / difference
            }
          }
        }
      }
    }
  }

  /// Each window's difference goes to the places of both maxima: what rises above the other's maximum to the own one's place.
  private func pooled(_ step: BackwardStep) throws(AttributionError) -> Tensor {
    let (operation, input, output) = reference.record(step)
    guard let own = step.operation as? MaxPool, let other = operation as? MaxPool else {
      throw pass.unsuited(method, step, "its baseline was not pooled alike")
    }
    let times = step.inputs[0].shape[0] / input.shape[0]
    let (maxima, theirs) = (step.output, output.broadcast(to: step.output.shape))
    let both = Tensor.combined(maxima, theirs) { max($0, $1) }
    func unpooled(_ pool: MaxPool, _ difference: Tensor) -> Tensor {
      pool.backward(step.gradient * difference, needs: [true])[0] ?? .zeros(pool.input)
    }
    let shares =
      unpooled(own, both - theirs) + unpooled(other.repeated(times), maxima - both)
    let slopes = step.gradients()[0] ?? .zeros(shares.shape)
    let differences = step.inputs[0] - input
    let smallest = smallest
    let ratios = Tensor.combined(shares, differences) { abs($1) < smallest ? .nan : $0 / $1 }
    return .combined(ratios, slopes) { $0.isNaN ? $1 : $0 }
  }
}
