import SmootAutodiff
import SmootNN
import SmootTensor

extension AttributionContext {
  /// The gradients of the scores of images, piece by piece.
  ///
  /// - Returns: the gradients [batch, channels, height, width], and for each image whether the score is too flat for one.
  func inputGradients(
    of images: Tensor, targets: [Int32], model: any Classifier
  ) -> (gradients: Tensor, saturated: [Bool]) {
    var (pieces, saturated) = ([Tensor](), [Bool]())
    forEachPiece(of: targets.count) { piece in
      let part = pieceSize < targets.count ? images.sliced(axis: 0, piece) : images
      let pass = RecordedPass(part, model)
      let targets = Array(targets[piece])
      pieces.append(pass.gradients(targets, score))
      saturated += pass.saturated(targets, score)
    }
    return (.joined(pieces, like: images), saturated)
  }

  /// The explained scores of images, [batch], without a tape.
  func scores(of images: Tensor, targets: [Int32], model: any Classifier) -> [Float] {
    var scores: [Float] = []
    forEachPiece(of: targets.count) { piece in
      let logits = model.logits(Variable(images.sliced(axis: 0, piece)), .evaluation())
      scores += logits.score(ofClasses: Array(targets[piece]), score).value.scalars
    }
    return scores
  }
}

extension Tensor {
  /// The maps of consecutive pieces of a batch, none when the batch is empty.
  static func joined(_ pieces: [Tensor], like images: Tensor) -> Tensor {
    pieces.count == 1 ? pieces[0] : pieces.isEmpty ? images : .concatenated(pieces, axis: 0)
  }
}
