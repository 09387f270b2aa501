public import SmootAutodiff
public import SmootTensor

/// A network that gives each class of an image a score, the logit.
public protocol Classifier {
  /// What images the network takes.
  var inputSize: ImageSize { get }

  /// How many classes it tells apart.
  var classCount: Int { get }

  /// What training changes, in the order of the data's way; names are unique.
  var parameters: [Parameter] { get }

  /// What a checkpoint must keep besides the parameters, such as running statistics; not touched by the optimizer.
  var buffers: [Parameter] { get }

  /// The part of the network whose result does not depend on the mode of the pass: what lies before the first dropout or batch normalization.
  ///
  /// Saliency is computed in evaluation mode and the loss in training mode; this part runs once for both.
  ///
  /// - Parameters:
  ///   - images: [batch, channels, height, width], normalized.
  ///   - context: the mode has no influence here.
  /// - Returns: whatever ``logits(features:_:)`` continues from.
  func features(_ images: Variable, _ context: ForwardContext) -> Variable

  /// The rest of the network.
  ///
  /// - Parameters:
  ///   - features: what ``features(_:_:)`` returned.
  ///   - context: the mode and the random numbers of this pass.
  /// - Returns: logits [batch, classes].
  func logits(features: Variable, _ context: ForwardContext) -> Variable
}

extension Classifier {
  /// No buffers.
  public var buffers: [Parameter] { [] }

  /// The logits [batch, classes] of images [batch, channels, height, width].
  public func logits(_ images: Variable, _ context: ForwardContext) -> Variable {
    precondition(
      images.shape.rank == 4 && Array(images.shape.dimensions[1...]) == inputSize.dimensions,
      "the network takes images of \(inputSize), not a batch of shape \(images.shape)")
    return logits(features: features(images, context), context)
  }

  /// How many numbers training changes.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.value.count } }
}
