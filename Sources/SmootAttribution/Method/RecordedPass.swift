package import SmootAutodiff
package import SmootNN
package import SmootTensor

/// Images that went through a network in evaluation mode, with the tape that can send something back.
///
/// The score of each image depends on that image alone, so one way back from the sum of the scores serves the whole batch.
package struct RecordedPass {
  /// The images, on the tape.
  package let input: Variable
  /// [batch, classes].
  package let logits: Variable
  /// What the layers gave, where asked for.
  package let layers: LayerProbe?
  private let tape: Tape

  /// Sends images through a network.
  ///
  /// - Parameters:
  ///   - images: [batch, channels, height, width].
  ///   - model: the network.
  ///   - keepsValues: whether rules see values; each operation is then recorded by itself.
  ///   - layers: sees the layers.
  package init(
    _ images: Tensor, _ model: any Classifier, keepsValues: Bool = false,
    layers: LayerProbe? = nil
  ) {
    tape = Tape(keepsValues: keepsValues)
    input = tape.variable(images)
    self.layers = layers
    logits = model.logits(
      input, .evaluation(tape: tape, isFused: !keepsValues && layers == nil, layers: layers))
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

  /// For each image whether the explained probability rounds to 0 or 1, so that its gradient has nothing to say.
  package func saturated(_ targets: [Int32], _ kind: ScoreKind) -> [Bool] {
    logits.value.saturatedRows(targets, kind)
  }
}
