import SmootAutodiff
import SmootNN
import SmootTensor

extension AttributionContext {
  /// What arrives at images when each ReLU has a rule of its own for the way back.
  ///
  /// - Parameters:
  ///   - images: [batch, channels, height, width].
  ///   - targets: the class to explain for each image.
  ///   - model: the network.
  ///   - method: the method's name.
  ///   - rule: what a ReLU sends back of what arrives at it.
  /// - Throws: ``AttributionError`` for other activations.
  func rectified(
    _ images: Tensor, targets: [Int32], model: any Classifier, _ method: String,
    rule: (ReLU, Tensor) -> Tensor
  ) throws(AttributionError) -> Attribution {
    var (pieces, saturated) = ([Tensor](), [Bool]())
    try forEachPiece(of: targets.count) { (piece) throws(AttributionError) in
      let pass = RecordedPass(images.sliced(axis: 0, piece), model, layers: LayerProbe())
      let targets = Array(targets[piece])
      let maps = try pass.propagated(from: pass.scores(targets, score), to: [pass.input]) {
        (step) throws(AttributionError) in
        if let relu = step.operation as? ReLU { return [rule(relu, step.gradient)] }
        guard !(step.operation is Pointwise) else {
          throw pass.unsuited(
            method, step, "it is defined for networks whose activations are ReLUs")
        }
        return nil
      }
      pieces += maps
      saturated += pass.saturated(targets, score)
    }
    return Attribution(.joined(pieces, like: images), saturated: saturated)
  }
}
