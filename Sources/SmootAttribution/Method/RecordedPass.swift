package import SmootAutodiff
package import SmootNN
package import SmootTensor

/// Images that went through a network in evaluation mode, with the tape that can send something back; the network's parameters are constants.
///
/// The score of each image depends on that image alone, so one way back from the sum of the scores serves the whole batch.
package struct RecordedPass {
  /// The images, on the tape.
  package let input: Variable
  /// [batch, classes].
  package let logits: Variable
  /// What the layers gave, where asked for.
  package let layers: LayerProbe?
  package let tape: Tape

  /// Sends images through a network.
  ///
  /// - Parameters:
  ///   - images: [batch, channels, height, width].
  ///   - model: the network.
  ///   - keepsValues: whether rules see what went into operations and what came out.
  ///   - layers: sees the layers; each operation is then recorded by itself, and errors can name places.
  package init(
    _ images: Tensor, _ model: any Classifier, keepsValues: Bool = false,
    layers: LayerProbe? = nil
  ) {
    tape = Tape(keepsValues: keepsValues)
    input = tape.variable(images)
    self.layers = layers
    logits = model.logits(input, .evaluation(layers: layers))
  }

  /// The explained scores, [batch].
  package func scores(_ targets: [Int32], _ kind: ScoreKind) -> Variable {
    logits.score(ofClasses: targets, kind)
  }

  /// The gradients of the explained scores with respect to the images.
  package func gradients(_ targets: [Int32], _ kind: ScoreKind) -> Tensor {
    tape.gradients(of: scores(targets, kind), withRespectTo: [input])[0]
  }

  /// The gradients of the explained scores with respect to layers.
  package func gradients(
    _ targets: [Int32], _ kind: ScoreKind, withRespectTo variables: [Variable]
  ) -> [Tensor] {
    tape.gradients(of: scores(targets, kind), withRespectTo: variables)
  }

  /// What arrives at some variables when a rule replaces gradients.
  package func propagated(
    from output: Variable, seed: Tensor? = nil, to variables: [Variable],
    rule: BackwardRule<AttributionError>
  ) throws(AttributionError) -> [Tensor] {
    try tape.gradients(of: output, seed: seed, withRespectTo: variables, rule: rule)
  }

  /// What to send back from the logits so that the explained classes have some values, and the others none.
  package func seed(_ targets: [Int32], _ values: (_ image: Int, _ logit: Float) -> Float) -> Tensor
  {
    let classes = logits.shape[1]
    return Tensor(uninitialized: logits.shape) { seed in
      withPointers(logits.value) { logits in
        seed.update(repeating: 0, count: targets.count * classes)
        for (image, target) in targets.enumerated() {
          let place = image * classes + Int(target)
          seed[place] = values(image, logits[place])
        }
      }
    }
  }

  /// Checks that a method which sends the logit itself back is asked for the logit.
  package func requireLogit(_ score: ScoreKind, _ method: String) throws(AttributionError) {
    guard score == .logit else {
      throw AttributionError("\(method) explains logits, not the score \"\(score.rawValue)\"")
    }
  }

  /// The error for an operation that a method has no rule for.
  package func unsuited(
    _ method: String, _ step: BackwardStep, _ reason: String
  ) -> AttributionError {
    .unsuited(
      method, operation: step.operation.name, layer: layers?.layer(at: step.place), reason)
  }

  /// For each image whether the explained probability rounds to 0 or 1, so that its gradient has nothing to say.
  package func saturated(_ targets: [Int32], _ kind: ScoreKind) -> [Bool] {
    logits.value.saturatedRows(targets, kind)
  }
}
