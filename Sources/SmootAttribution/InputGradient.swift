public import SmootAutodiff
public import SmootNN
public import SmootTensor

/// The gradient of a class score with respect to the image: the saliency of Simonyan et al.
///
/// (Deep Inside Convolutional Networks, 2014), with its sign.
///
/// The single gateway from attribution to the tape: the score of each image depends on that image alone in evaluation mode, so one backward pass of the sum of the scores
/// gives the gradient of each.
public struct InputGradient: Sendable, Equatable {
  /// What is differentiated.
  public var score: ScoreKind
  /// Which class is explained.
  public var target: SaliencyTarget

  /// Makes the method.
  ///
  /// - Parameters:
  ///   - score: what is differentiated; the SGT code, whose networks end in a log-softmax, differentiates the log-probability.
  ///   - target: which class is explained.
  public init(score: ScoreKind = .logprob, target: SaliencyTarget = .label) {
    self.score = score
    self.target = target
  }

  /// The gradients of images.
  ///
  /// - Parameters:
  ///   - images: [batch, channels, height, width], normalized.
  ///   - labels: the class of each image.
  ///   - model: the network, used in evaluation mode.
  /// - Returns: the gradients [batch, channels, height, width], and the logits [batch, classes] of the same pass.
  public func callAsFunction(
    _ images: Tensor, labels: [Int32], model: any Classifier
  ) -> (gradients: Tensor, logits: Tensor) {
    // A few images at a time, so that the memory does not grow with their number.
    let pieces = stride(from: 0, to: labels.count, by: Self.pieceSize).map { start in
      let range = start..<min(labels.count, start + Self.pieceSize)
      let tape = Tape()
      let input = tape.variable(images.sliced(axis: 0, range))
      let logits = model.logits(input, .evaluation())
      let piece = gradients(of: logits, withRespectTo: input, labels: Array(labels[range]))
      return (gradients: piece, logits: logits.value)
    }
    guard let first = pieces.first else { return (images, .zeros([0, model.classCount])) }
    guard pieces.count > 1 else { return first }
    return (
      .concatenated(pieces.map(\.gradients), axis: 0), .concatenated(pieces.map(\.logits), axis: 0)
    )
  }

  private static let pieceSize = 32

  /// The gradients with respect to an input that `logits` were computed from, on the tape that recorded it.
  ///
  /// - Parameters:
  ///   - logits: [batch, classes].
  ///   - input: the images.
  ///   - labels: the class of each image.
  ///   - others: the other class of each image and its share, when images are mixed: labels are then explained by the sum of both scores, weighted by their shares.
  public func gradients(
    of logits: Variable, withRespectTo input: Variable, labels: [Int32],
    others: (labels: [Int32], share: Float)? = nil
  ) -> Tensor {
    guard let tape = logits.tape else { return Tensor.zeros(input.shape) }
    var scores: Variable
    switch target {
    case .prediction:
      scores = logits.score(ofClasses: logits.value.argmaxOfRows.map(Int32.init), score)
    case .label:
      scores = logits.score(ofClasses: labels, score)
      if let others {
        scores =
          scores * (1 - others.share)
          + logits.score(ofClasses: others.labels, score) * others.share
      }
    }
    return tape.gradients(of: scores, withRespectTo: [input])[0]
  }
}
