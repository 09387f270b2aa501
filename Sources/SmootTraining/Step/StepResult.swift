public import SmootTensor

/// How a batch went.
public struct StepResult {
  /// The gradient of the loss with respect to each parameter of the model, in the order of the parameters.
  public let gradients: [Tensor]
  /// The loss: cross-entropy plus the weighted divergence.
  public let loss: Double
  /// The mean cross-entropy of the clean images.
  public let crossEntropy: Double
  /// The mean divergence between clean and masked predictions; 0 in traditional training.
  public let divergence: Double
  /// How many clean images were classified rightly in this pass, dropout included.
  public let correct: Int
  /// How many images there are.
  public let count: Int
}
