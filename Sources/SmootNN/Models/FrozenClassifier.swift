public import SmootAutodiff

/// A network some of whose parameters stay as they are: they count among the buffers, so that training neither differentiates nor moves them and checkpoints keep them.
///
/// The running statistics of batch normalization go on, as they do in PyTorch for parameters without gradients.
public struct FrozenClassifier: ClassifierWrapper {
  /// The network.
  public let base: any Classifier
  /// What training changes.
  public let parameters: [Parameter]
  /// The network's buffers, and the frozen parameters.
  public let buffers: [Parameter]

  /// Freezes the parameters whose names a predicate picks.
  public init(_ base: any Classifier, freezing isFrozen: (String) -> Bool) {
    self.base = base
    parameters = base.parameters.filter { !isFrozen($0.name) }
    buffers = base.buffers + base.parameters.filter { isFrozen($0.name) }
  }
}
