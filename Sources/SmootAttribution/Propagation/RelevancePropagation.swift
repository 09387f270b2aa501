package import SmootAutodiff
import SmootNN
package import SmootTensor

/// The way of relevance back through a network, layer by layer.
package struct RelevancePropagation {
  /// The rules.
  package let rules: LRP.Rules
  /// The values of black and white, for the box rule.
  package let pixelRange: PixelRange?
  /// The method's name in messages.
  package let method: String

  /// Makes a way back.
  package init(_ rules: LRP.Rules, pixelRange: PixelRange? = nil, method: String = "lrp") {
    self.rules = rules
    self.pixelRange = pixelRange
    self.method = method
  }

  /// The relevance that arrives at variables of a pass, such as the images or layers.
  ///
  /// - Parameters:
  ///   - pass: keeps values and has a probe of the layers.
  ///   - output: where relevance begins; the logits when left out.
  ///   - start: the relevance of the output, of its shape.
  ///   - targets: variables of the pass.
  /// - Returns: for each target a tensor of its shape.
  /// - Throws: ``AttributionError`` for an operation that no rule has a meaning for.
  package func callAsFunction(
    _ pass: RecordedPass, from output: Variable? = nil, start: Tensor, to targets: [Variable]
  ) throws(AttributionError) -> [Tensor] {
    let first = pass.tape.firstPlace { $0 is any WeightedOperation }
    try check(pass)
    var norms: [Int: BackwardStep] = [:]
    return try pass.propagated(from: output ?? pass.logits, seed: start, to: targets) {
      (step) throws(AttributionError) in
      let norm = norms[step.place]
      if let operation = step.operation as? any WeightedOperation {
        let rule =
          step.place == first ? rules.first ?? rules.rule(operation) : rules.rule(operation)
        if rule == .box, ![1, step.inputs[0].shape[-1]].contains(pixelRange?.low.count) {
          throw pass.unsuited(method, step, "the box rule is for layers that read pixels")
        }
        let layer = WeightedLayer(step, operation, norm: norm)
        let relevance = layer.relevance(
          step.gradient, rule, stabilizer: rules.stabilizer, pixelRange, step)
        return [relevance] + step.inputs.dropFirst().map { _ in nil }
      }
      guard norm == nil else {
        throw pass.unsuited(
          method, step, "batch normalization behind it cannot be merged into a convolution")
      }
      switch step.operation {
      case is any Rearrangement, is MaxPool: return nil
      case is ReLU: return [step.gradient]
      case let activation as Pointwise where ["gelu", "tanh", "sigmoid"].contains(activation.name):
        return [step.gradient]
      case is BatchNormalization where rules.mergesNormalization:
        norms[step.sources[0]] = step
        return [step.gradient, nil, nil]
      case is any AffineOperation: return proportional(step)
      default:
        throw pass.unsuited(
          method, step, "there is no rule that shares its relevance out among its inputs")
      }
    }
  }

  /// In proportion to what each input contributes.
  private func proportional(_ step: BackwardStep) -> [Tensor?] {
    let seed = step.gradient.divided(by: step.output, stabilizer: rules.stabilizer)
    let shares = step.operation.backward(seed, needs: step.needs)
    return zip(step.inputs, shares).map { input, share in share.map { input * $0 } }
  }

  private func check(_ pass: RecordedPass) throws(AttributionError) {
    guard rules.needsPixelRange else { return }
    guard let pixelRange else {
      throw .badData("the box rule needs the values of black and white, and none are given")
    }
    guard pixelRange.low.count == pass.input.shape[1] else {
      throw .badData(
        "the range of pixels is for \(pixelRange.low.count) channels, the images have \(pass.input.shape[1])"
      )
    }
  }
}
