import SmootAutodiff
import SmootNN
import SmootTensor

/// Baselines that went through a network, one for all images or one for each; its tape has the same operations at the same places as that of the images.
struct ReferencePass {
  /// [1 or batch, classes].
  let logits: Tensor
  private let tape = Tape(keepsValues: true)

  init(_ baselines: Tensor, _ model: any Classifier) {
    logits =
      model.logits(
        tape.variable(baselines), .evaluation(layers: LayerProbe(only: []))
      ).value
  }

  /// What an operation did with the baselines.
  func record(_ step: BackwardStep) -> (operation: any Operation, input: Tensor, output: Tensor) {
    let record = tape.record(at: step.place)
    precondition(
      record.operation.name == step.operation.name,
      "\(record.operation.name) took the place of \(step.operation.name)")
    return (record.operation, record.inputs[0], record.output)
  }
}
