public import SmootTensor

/// How a batch went.
public struct StepResult {
  /// The gradient of the loss with respect to each parameter of the model, in the order of the parameters.
  public internal(set) var gradients: [Tensor]
  /// The loss: cross-entropy plus the weighted divergence.
  public internal(set) var loss: Double
  /// The mean cross-entropy of the clean images.
  public internal(set) var crossEntropy: Double
  /// The mean divergence between clean and masked predictions; 0 in traditional training.
  public internal(set) var divergence: Double
  /// How many clean images were classified rightly in this pass, dropout included.
  public internal(set) var correct: Int
  /// How many images there are.
  public internal(set) var count: Int
}
